import { describe, expect, test } from "bun:test";
import { configuredOrThrow } from "../../src/auth/connection-problem.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { mountsOf } from "../../src/broker/mounts-of.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration } from "../models/configuration.ts";

const KEY = "sk-0123456789abcdef";
const OPENROUTER = { baseUrl: "https://openrouter.ai/api/v1", envKey: "OPENROUTER_API_KEY" };
const BASE = "https://openrouter.ai/api";

/** The mounts of a connection: name, place, way of the key, and where Responses are. */
function mounts(
  entry: object,
  {
    protocol = "openai",
    flag,
    flags = {},
  }: { protocol?: string; flag?: string; flags?: ConnectionFlags } = {},
) {
  const all = configuration({
    settings: { user: { modelProviders: { [protocol]: [{ id: "m", ...entry }] } } },
    variables: { A_KEY: KEY, OPENROUTER_API_KEY: KEY, OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY },
  });
  const configured = configuredOrThrow(resolveConnection(all, flags, CATALOGUE), "run it");
  return mountsOf(configured, { anthropicBaseUrl: flag }).map(
    ({ name, upstream, scheme, responses }) => [name, upstream.baseUrl, scheme, responses],
  );
}

const own = (baseUrl: string, responses: unknown = "same") => [
  "openai",
  baseUrl,
  undefined,
  responses,
];

describe("mountsOf()", () => {
  test("has Anthropic's interface where the catalogue knows of one for the same key", () => {
    expect<unknown>(mounts(OPENROUTER)).toEqual([
      own(OPENROUTER.baseUrl),
      ["anthropic", BASE, "bearer", "none"],
    ]);
  });

  test("has none at the same endpoint for another key", () => {
    expect<unknown>(mounts({ ...OPENROUTER, envKey: "A_KEY" })).toEqual([own(OPENROUTER.baseUrl)]);
  });

  test("has none where nothing is known, and Responses may be", () => {
    const entry = { baseUrl: "https://a.example/v1", envKey: "A_KEY" };
    expect<unknown>(mounts(entry)).toEqual([own(entry.baseUrl)]);
  });

  test("has one where the entry or a flag says so, the flag first, with the key as a key", () => {
    const entry = { baseUrl: "https://a.example/v1", envKey: "A_KEY" };
    const named = { ...entry, anthropicBaseUrl: "https://a.example/anthropic" };
    const at = (baseUrl: string) => [own(entry.baseUrl), ["anthropic", baseUrl, "key", "none"]];
    expect<unknown>(mounts(named)).toEqual(at("https://a.example/anthropic"));
    expect<unknown>(mounts(named, { flag: "https://a.example/b" })).toEqual(
      at("https://a.example/b"),
    );
    expect<unknown>(mounts(entry, { flag: "https://a.example/b" })).toEqual(
      at("https://a.example/b"),
    );
  });

  test("sends the key as the catalogue says where a flag names its very place", () => {
    expect<unknown>(mounts(OPENROUTER, { flag: `${BASE}/` })[1]).toEqual([
      "anthropic",
      `${BASE}/`,
      "bearer",
      "none",
    ]);
    expect<unknown>(mounts(OPENROUTER, { flag: "https://openrouter.ai/other" })[1]).toEqual([
      ...["anthropic", "https://openrouter.ai/other", "key", "none"],
    ]);
  });

  test("is Anthropic's alone where that is what is spoken", () => {
    const entry = { baseUrl: "https://a.example", envKey: "A_KEY" };
    expect<unknown>(mounts(entry, { protocol: "anthropic", flag: "https://b.example" })).toEqual([
      ["anthropic", entry.baseUrl, undefined, "same"],
    ]);
  });

  test.each([
    [
      "a service that has Responses",
      { baseUrl: "https://api.groq.com/openai/v1", envKey: "GROQ_API_KEY" },
      "same",
    ],
    [
      "one that has none",
      { baseUrl: "https://api.mistral.ai/v1", envKey: "MISTRAL_API_KEY" },
      "none",
    ],
  ])("knows of %s", (_what, entry, responses) => {
    const all = configuration({
      settings: { user: { modelProviders: { openai: [{ id: "m", ...entry }] } } },
      variables: { [entry.envKey]: KEY },
    });
    const configured = configuredOrThrow(resolveConnection(all, {}, CATALOGUE), "run it");
    expect<unknown>(mountsOf(configured, { anthropicBaseUrl: undefined })[0]?.responses).toEqual(
      responses,
    );
  });

  test("is what a server of this machine is known for where no key is sent", () => {
    const found = mounts({ baseUrl: "http://localhost:11434/v1" });
    expect(found[0]?.slice(0, 2)).toEqual(["openai", "http://localhost:11434/v1"]);
  });
});
