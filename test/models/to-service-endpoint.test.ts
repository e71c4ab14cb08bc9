import { expect, test } from "bun:test";
import type { LoadedKey, LoadedResolution } from "../../src/models/resolution.ts";
import { toServiceEndpoint } from "../../src/models/to-service-endpoint.ts";
import { settings, variableSource } from "./configuration.ts";

function loaded(key: LoadedKey, isQwenOauth = false): LoadedResolution {
  const source = settings("user", "x");
  const customHeaders = { "X-A": "a" };
  return {
    state: "configured",
    protocol: { value: "anthropic", source, shadowed: [] },
    model: { value: "m", source, shadowed: [] },
    endpoint: { value: "https://a.example/v1", source, shadowed: [] },
    key,
    isQwenOauth,
    selectedBy: undefined,
    entry: undefined,
    replaced: undefined,
    pairing: { kind: "allowed" },
    projectSource: undefined,
    trustFolder: undefined,
    isLegacyPlan: false,
    warnings: [],
    problem: undefined,
    request: {
      timeoutMs: 1,
      idleTimeoutMs: 1,
      maxRetries: 1,
      retry: {},
      body: {},
      customHeaders,
    },
  };
}

const PLACE = {
  protocol: "anthropic",
  baseUrl: "https://a.example/v1",
  customHeaders: { "X-A": "a" },
} as const;

test("toServiceEndpoint() carries a key with its scheme, or none", () => {
  const present = {
    kind: "present",
    value: "sk-1",
    source: variableSource("A_KEY"),
    shadowed: [],
    envKey: "A_KEY",
    scheme: "bearer",
  } as const;
  const credential = { value: "sk-1", scheme: "bearer" } as const;
  expect(toServiceEndpoint(loaded(present))).toEqual({ ...PLACE, credential });
  expect(toServiceEndpoint(loaded(present, true))).toEqual({
    ...PLACE,
    credential,
    authType: "qwen-oauth",
  });
  expect(toServiceEndpoint(loaded({ kind: "keyless", envKey: undefined }))).toEqual({
    ...PLACE,
    credential: undefined,
  });
});
