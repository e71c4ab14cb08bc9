import { describe, expect, test } from "bun:test";
import { applyLogout, type LogoutTarget } from "../../../src/auth/login/apply-logout.ts";
import { findProvider } from "../../../src/auth/providers/find-provider.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";

const CUSTOM = "QWEN_CUSTOM_API_KEY_OPENAI_X";

/** Two providers, an endpoint of one's own, and an entry that a person wrote. */
const SETTINGS = {
  modelProviders: {
    openai: [
      {
        id: "d",
        name: "[DeepSeek] d",
        baseUrl: "https://api.deepseek.com",
        envKey: "DEEPSEEK_API_KEY",
      },
      { id: "x", name: "[xAI Grok] x", baseUrl: "https://api.x.ai/v1", envKey: "XAI_API_KEY" },
      { id: "own", baseUrl: "https://own.example/v1", envKey: CUSTOM },
      { id: "hand", baseUrl: "https://hand.example/v1", envKey: "MY_KEY" },
    ],
  },
  env: { DEEPSEEK_API_KEY: "k1", XAI_API_KEY: "k2", [CUSTOM]: "k3", MY_KEY: "k4", OTHER: "o" },
  model: { name: "d", baseUrl: "https://api.deepseek.com", generationConfig: {} },
  security: { auth: { selectedType: "openai", apiKey: "k5", keyring: ["XAI_API_KEY", "OTHER"] } },
};

function after(target: LogoutTarget, isActive: boolean): typeof SETTINGS {
  const text = JSON.stringify(SETTINGS, undefined, 2);
  return JSON.parse(editJsonc(text, applyLogout(SETTINGS, { target, isActive })));
}

function ofProvider(name: string): LogoutTarget {
  const provider = findProvider(name);
  if (provider?.envKey === undefined) {
    throw new Error(`"${name}" is no provider with a key`);
  }
  return { kind: "provider", provider, envKeys: [provider.envKey] };
}

const [deepseek, xai, own, hand] = SETTINGS.modelProviders.openai;

describe("applyLogout()", () => {
  test("leaves all entries and keys where the tokens of Qwen OAuth go", () => {
    expect(after({ kind: "qwen-oauth" }, false)).toEqual(SETTINGS);
    const { generationConfig } = SETTINGS.model;
    const { apiKey, keyring } = SETTINGS.security.auth;
    expect(after({ kind: "qwen-oauth" }, true)).toEqual({
      ...SETTINGS,
      model: { generationConfig },
      security: { auth: { apiKey, keyring } },
    } as never);
  });

  test("takes the key and the entries of one provider", () => {
    const { XAI_API_KEY: _, ...env } = SETTINGS.env;
    expect(after(ofProvider("xai"), false)).toEqual({
      ...SETTINGS,
      modelProviders: { openai: [deepseek, own, hand] },
      env,
      security: { auth: { ...SETTINGS.security.auth, keyring: ["OTHER"] } },
    } as never);
  });

  test("takes the choice of the model where that was the provider's", () => {
    const { DEEPSEEK_API_KEY: _, ...env } = SETTINGS.env;
    const { generationConfig } = SETTINGS.model;
    const { apiKey, keyring } = SETTINGS.security.auth;
    expect(after(ofProvider("deepseek"), true)).toEqual({
      ...SETTINGS,
      modelProviders: { openai: [xai, own, hand] },
      env,
      model: { generationConfig },
      security: { auth: { apiKey, keyring } },
    } as never);
  });

  test("takes the entries of one endpoint of one's own", () => {
    const target = {
      ...({ kind: "custom", protocol: "openai", title: undefined } as const),
      ...{ baseUrl: "https://own.example/v1/", envKeys: [CUSTOM] },
    };
    const { [CUSTOM]: _, ...env } = SETTINGS.env;
    expect(after(target, false)).toEqual({
      ...SETTINGS,
      modelProviders: { openai: [deepseek, xai, hand] },
      env,
    } as never);
  });

  test("leaves what a person wrote, and the names that are nobody's, where all go", () => {
    expect(after({ kind: "all" }, true)).toEqual({
      modelProviders: { openai: [hand] },
      env: {},
      model: { generationConfig: {} },
      security: { auth: {} },
    } as never);
  });
});
