import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration, PATHS } from "./configuration.ts";

const BASE = "http://127.0.0.1:8000/v1";

function resolve(entry: object, variables = {}, flags: ConnectionFlags = {}) {
  const modelProviders = { openai: [{ id: "m", baseUrl: BASE, ...entry }] };
  return resolveConnection(
    configuration({ settings: { user: { modelProviders } }, variables }),
    flags,
    CATALOGUE,
  );
}

describe("prepareRequest()", () => {
  test("has the request where nothing is against it", () => {
    const headers = { "X-A": "a" };
    expect(resolve({ generationConfig: { customHeaders: headers, timeout: 5 } })).toMatchObject({
      state: "configured",
      problem: undefined,
      request: { timeoutMs: 5, customHeaders: headers },
    });
  });

  test("warns of all that is left out, after what else there is to say", () => {
    const { state, warnings } = resolve({
      generationConfig: { customHeaders: { "X-A": "$NONE" } },
      anthropicBaseUrl: "no URL",
    });
    expect(state).toBe("configured");
    expect(warnings).toEqual([
      expect.stringContaining('the header "X-A"'),
      `\`modelProviders.openai[0].anthropicBaseUrl\` of \`${PATHS.user}\` is left out: it is not a URL; it must begin with https:// or http://`,
    ]);
  });

  test("has the base of Anthropic's protocol, where there is one", () => {
    const other = `${BASE}/anthropic`;
    expect(resolve({ anthropicBaseUrl: `${other}/` })).toMatchObject({
      anthropicBase: { value: other },
      warnings: [],
    });
    expect("anthropicBase" in resolve({})).toBe(false);
  });

  test("refuses what no request can be made of", () => {
    const refused = resolve({ generationConfig: { customHeaders: { "a b": "c" } } });
    expect(refused).toMatchObject({
      state: "incomplete",
      unread: [],
      problem: { code: "settings-invalid", message: expect.stringContaining('"a b" is no name') },
    });
    expect("request" in refused).toBe(false);
  });

  test("has no key where the header that stands for it is left out", () => {
    const authorized = (value: string) =>
      resolve({ generationConfig: { customHeaders: { Authorization: value } } });
    expect(authorized("Bearer abc")).toMatchObject({
      state: "configured",
      key: { kind: "keyless", header: "Authorization" },
    });
    expect(authorized("Bearer $NONE")).toMatchObject({
      state: "incomplete",
      key: { kind: "missing", envKeys: [], unresolved: [], hiddenIn: [] },
      problem: undefined,
      unread: [],
    });
  });
});
