import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../src/errors.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import type { Protocol } from "../../src/models/protocol.ts";
import type { ResolvedKey } from "../../src/models/resolution.ts";
import { resolveEndpoint } from "../../src/models/resolve-endpoint.ts";
import { keyOfVariable, resolveKey } from "../../src/models/resolve-key.ts";
import { problemOf } from "../support/problem-of.ts";
import { configuration, ofProject, settings, variableSource } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

type Case = {
  readonly protocol?: Protocol;
  /** The entry; none without it. */
  readonly entry?: object;
  readonly flags?: ConnectionFlags;
  /** `security.auth` of the user. */
  readonly auth?: object;
  readonly variables?: Given["variables"];
  readonly given?: Given;
};

function resolve({ protocol = "openai", entry, flags = {}, ...rest }: Case): ResolvedKey {
  const modelProviders = entry === undefined ? {} : { [protocol]: [{ id: "m", ...entry }] };
  const all = configuration({
    settings: { user: { modelProviders, security: { auth: rest.auth ?? {} } } },
    variables: rest.variables ?? {},
    ...rest.given,
  });
  const [item] = all.models.entries;
  const endpoint = resolveEndpoint(all, protocol, { flags, entry: item, model: item?.id });
  const isMoved = endpoint.kind === "known" && endpoint.replaced !== undefined;
  return resolveKey(all, protocol, { flags, entry: isMoved ? undefined : item, endpoint });
}

/** What stands for a key: its value, and the variable that it was found under. */
function summary(key: ResolvedKey): readonly unknown[] {
  switch (key.kind) {
    case "deferred":
      return ["deferred", ...key.places.map(({ kind }) => kind)];
    case "present":
      return [key.value, key.envKey];
    case "keyless":
      return ["keyless", key.envKey];
    case "unusable":
      return ["unusable", key.reason, key.envKey];
    case "missing":
      return ["missing", ...key.envKeys];
  }
}

const KEYRING = { kind: "keyring", name: "A_KEY", origin: "user" } as const;
const OTHER = "https://other.example/v1";
const ALL = { OPENAI_API_KEY: "openai", A_KEY: "a", ANTHROPIC_API_KEY: "anthropic" };

describe("resolveKey() of a key that lies elsewhere", () => {
  const auth = { keyring: ["A_KEY", "ANTHROPIC_AUTH_TOKEN"] };
  const entry = { envKey: "A_KEY", baseUrl: OTHER };

  test("defers it, with the source of its first place", () => {
    expect(resolve({ entry, auth })).toEqual({
      kind: "deferred",
      places: [{ kind: "keyring", source: KEYRING }],
      source: KEYRING,
      shadowed: [],
      envKey: "A_KEY",
      scheme: "key",
    });
  });

  test("takes it after every variable, which hides it", () => {
    const key = resolve({ entry, auth, variables: { A_KEY: "a" } });
    expect(key).toMatchObject({ kind: "present", value: "a", shadowed: [KEYRING] });
    const unset = resolve({ entry, auth, variables: { A_KEY: "$B_KEY" } });
    expect(unset.kind).toBe("deferred");
  });

  test("takes it before the next variable of a protocol, and by its scheme", () => {
    const anthropic = (variables: Given["variables"]) =>
      resolve({ protocol: "anthropic", auth, variables });
    expect(anthropic({})).toMatchObject({ kind: "deferred", scheme: "bearer" });
    expect(anthropic({ ANTHROPIC_API_KEY: "k" })).toMatchObject({
      kind: "present",
      shadowed: [{ ...KEYRING, name: "ANTHROPIC_AUTH_TOKEN" }],
    });
  });

  test("hides `security.auth.apiKey` by it", () => {
    const legacy = { keyring: ["OPENAI_API_KEY"], apiKey: "old" };
    expect(resolve({ auth: legacy })).toMatchObject({
      kind: "deferred",
      shadowed: [settings("user", "security.auth.apiKey")],
    });
  });

  test("asks for none where an entry names another variable", () => {
    expect(resolve({ entry: { envKey: "B_KEY", baseUrl: OTHER }, auth }).kind).toBe("missing");
  });

  test("throws before it for a key file that cannot be read", () => {
    const failure = new ConfigError("Cannot read it");
    const given = {
      settings: {
        user: { modelProviders: { openai: [{ id: "m", ...entry }] }, security: { auth } },
      },
      failures: { A_KEY: failure },
    };
    expect(() => resolve({ entry, given })).toThrow(failure);
  });
});

describe("resolveKey() takes", () => {
  const cases: readonly (readonly [name: string, Case, ...expected: unknown[]])[] = [
    [
      "the flag first",
      { flags: { apiKey: "flag" }, entry: { envKey: "A_KEY" }, variables: ALL },
      "flag",
      undefined,
    ],
    [
      "the variable that the entry names",
      { entry: { envKey: "A_KEY" }, variables: ALL },
      "a",
      "A_KEY",
    ],
    [
      "that variable also for an endpoint elsewhere",
      { entry: { envKey: "A_KEY", baseUrl: OTHER }, variables: ALL },
      "a",
      "A_KEY",
    ],
    [
      "only that variable",
      { entry: { envKey: "B_KEY" }, variables: ALL, auth: { apiKey: "k" } },
      "missing",
      "B_KEY",
    ],
    [
      "the protocol's variable without an entry",
      { variables: ALL, auth: { apiKey: "k" } },
      "openai",
      "OPENAI_API_KEY",
    ],
    [
      "the protocol's variable for an entry without `envKey` and endpoint",
      { entry: {}, variables: ALL },
      "openai",
      "OPENAI_API_KEY",
    ],
    [
      "the protocol's variable for an entry with the public endpoint",
      { entry: { baseUrl: "https://api.openai.com/v1/" }, variables: ALL },
      "openai",
      "OPENAI_API_KEY",
    ],
    [
      "the protocol's variable for an entry with the endpoint of its base URL variable",
      { entry: { baseUrl: OTHER }, variables: { ...ALL, OPENAI_BASE_URL: `${OTHER}/` } },
      "openai",
      "OPENAI_API_KEY",
    ],
    [
      "not the protocol's variable for an entry with another endpoint",
      { entry: { baseUrl: OTHER }, variables: ALL },
      "missing",
    ],
    ["`security.auth.apiKey` last", { auth: { apiKey: "k" } }, "k", undefined],
    [
      "`security.auth.apiKey` for its own endpoint",
      { auth: { apiKey: "k", baseUrl: OTHER }, entry: { baseUrl: `${OTHER}/` } },
      "k",
      undefined,
    ],
    [
      "not `security.auth.apiKey` for another endpoint than its own",
      { auth: { apiKey: "k", baseUrl: "https://its-own" }, entry: { baseUrl: OTHER } },
      "missing",
    ],
    ["no empty `security.auth.apiKey`", { auth: { apiKey: "" } }, "missing", "OPENAI_API_KEY"],
    [
      "nothing of another protocol",
      { protocol: "gemini", variables: ALL },
      "missing",
      "GEMINI_API_KEY",
      "GOOGLE_API_KEY",
    ],
    [
      "ANTHROPIC_API_KEY before ANTHROPIC_AUTH_TOKEN",
      { protocol: "anthropic", variables: { ...ALL, ANTHROPIC_AUTH_TOKEN: "t" } },
      "anthropic",
      "ANTHROPIC_API_KEY",
    ],
    [
      "ANTHROPIC_AUTH_TOKEN alone",
      { protocol: "anthropic", variables: { ANTHROPIC_AUTH_TOKEN: "t" } },
      "t",
      "ANTHROPIC_AUTH_TOKEN",
    ],
    [
      "GEMINI_API_KEY before GOOGLE_API_KEY",
      { protocol: "gemini", variables: { GOOGLE_API_KEY: "o", GEMINI_API_KEY: "g" } },
      "g",
      "GEMINI_API_KEY",
    ],
    [
      "GOOGLE_API_KEY alone",
      { protocol: "gemini", variables: { GOOGLE_API_KEY: "o" } },
      "o",
      "GOOGLE_API_KEY",
    ],
  ];
  for (const [name, given, ...expected] of cases) {
    test(name, () => {
      expect(summary(resolve(given))).toEqual(expected);
    });
  }

  test("the key's source, what it hides, and how it is sent", () => {
    const user = {
      env: { OPENAI_API_KEY: "s" },
      security: { auth: { apiKey: "legacy" } },
    };
    const key = resolve({ given: { settings: { user }, variables: ALL } });
    expect(key).toEqual({
      kind: "present",
      value: "openai",
      source: variableSource("OPENAI_API_KEY"),
      shadowed: [settings("user", "env.OPENAI_API_KEY"), settings("user", "security.auth.apiKey")],
      envKey: "OPENAI_API_KEY",
      scheme: "key",
    });
    const token = resolve({ protocol: "anthropic", variables: { ANTHROPIC_AUTH_TOKEN: "t" } });
    expect(token).toMatchObject({ scheme: "bearer" });
  });

  test("a key of which a part is the user's for the user's", () => {
    const whole = { A_KEY: ofProject("p") };
    const mixed = { A_KEY: { value: "p", origin: "project", mixed: true } } as const;
    const origins = [whole, mixed].map((variables) => {
      const key = resolve({ entry: { envKey: "A_KEY" }, variables });
      return key.kind === "present" ? key.source.origin : key.kind;
    });
    expect(origins).toEqual(["project", "user"]);
  });
});

describe("resolveKey() needs no key", () => {
  const cases: readonly (readonly [name: string, Case, envKey: string | undefined])[] = [
    [
      "where the variable says so",
      { entry: { envKey: "A_KEY", baseUrl: OTHER }, variables: { A_KEY: "not-needed" } },
      "A_KEY",
    ],
    [
      "on a private endpoint whose entry names none",
      { entry: { baseUrl: "http://vllm:8000/v1" } },
      undefined,
    ],
  ];
  for (const [name, given, envKey] of cases) {
    test(name, () => {
      expect(resolve(given)).toEqual({ kind: "keyless", envKey });
    });
  }

  test("on a private endpoint whose variable is not set, which is told", () => {
    const entry = { envKey: "A_KEY", baseUrl: "http://localhost:1/v1" };
    expect(resolve({ entry })).toEqual({ kind: "keyless", envKey: "A_KEY", isUnset: true });
  });

  const headers = [
    { Authorization: "Bearer x" },
    { "x-api-key": "x" },
    { "API-Key": "x", "X-Other": "1" },
    { "x-goog-api-key": "x" },
  ];
  test.each(headers)("where a header authenticates: %j", (customHeaders) => {
    const generationConfig = { customHeaders };
    const entry = { baseUrl: "https://gateway.example/v1", generationConfig };
    const [header = ""] = Object.keys(customHeaders);
    expect(resolve({ entry })).toEqual({ kind: "keyless", envKey: undefined, header });
  });

  test.each([{ Authorization: "" }, { "X-Team": "x" }, { "X-Authorization-Kind": "x" }])(
    "but not for a header that does not: %j",
    (customHeaders) => {
      const generationConfig = { customHeaders };
      const entry = { baseUrl: "https://gateway.example/v1", generationConfig };
      expect(resolve({ entry }).kind).toBe("missing");
    },
  );

  test("but takes one on a private endpoint where it is set", () => {
    const entry = { envKey: "A_KEY", baseUrl: "http://localhost:1/v1" };
    expect(summary(resolve({ entry, variables: ALL }))).toEqual(["a", "A_KEY"]);
  });

  test("but never sends the protocol's key to a private endpoint that has nothing to do with it", () => {
    const entry = { baseUrl: "http://localhost:1/v1" };
    expect(resolve({ entry, variables: ALL }).kind).toBe("keyless");
  });
});

describe("resolveKey() misses", () => {
  test("a key that no file has, and names none", () => {
    expect(resolve({ entry: { envKey: "A_KEY", baseUrl: "https://a.example/v1" } })).toEqual({
      kind: "missing",
      envKeys: ["A_KEY"],
      unresolved: [],
      hiddenIn: [],
    });
  });

  test("a key, and names the `.env` files that have it and were not read", () => {
    const shadowed = [
      { path: "/home/me/.env", origin: "user", names: ["B_KEY"] },
      { path: "/home/me/.qwen/.env", origin: "user", names: ["A_KEY", "B_KEY"] },
    ] as const;
    const user = { modelProviders: { openai: [{ id: "m", envKey: "A_KEY" }] } };
    expect(resolve({ given: { settings: { user }, shadowed } })).toMatchObject({
      kind: "missing",
      envKeys: ["A_KEY"],
      hiddenIn: ["/home/me/.qwen/.env"],
      hiddenBy: "/repo/.env",
    });
  });

  test("a key whose variable is not set and stands there by name only", () => {
    const variables = { A_KEY: "$MY_SECRET" };
    expect(resolve({ entry: { envKey: "A_KEY" }, variables })).toMatchObject({
      kind: "missing",
      unresolved: ["$MY_SECRET"],
    });
  });
});

describe("resolveKey() refuses", () => {
  for (const envKey of ["PATH", "HOME", "LD_PRELOAD", "QWEN_HOME", "NODE_OPTIONS", "GIT_DIR"]) {
    test(`an entry that names ${envKey}`, () => {
      const run = () => resolve({ entry: { envKey }, variables: { [envKey]: "x" } });
      expect(run).toThrow(ConfigError);
      expect(run).toThrow(`\`${envKey}\` (\`modelProviders.openai[0].envKey\``);
    });
  }

  test("a flag that holds no key, and sends none of a variable that does", () => {
    const work = (apiKey: string) => () =>
      resolve({ flags: { apiKey }, variables: { OPENAI_API_KEY: "two words" } });
    expect(problemOf(work("a key"))).toMatchObject({
      name: "UsageError",
      code: "invalid-key",
      message: "Cannot use the value of `--openai-api-key` as a key: it contains white space",
    });
    expect(summary(resolve({ variables: { OPENAI_API_KEY: "two words" } }))).toEqual([
      "unusable",
      "it contains white space",
      "OPENAI_API_KEY",
    ]);
  });

  test("no QWEN_CUSTOM_API_KEY_ variable", () => {
    const envKey = "QWEN_CUSTOM_API_KEY_OPENAI_X";
    expect(summary(resolve({ entry: { envKey }, variables: { [envKey]: "x" } }))).toEqual([
      "x",
      envKey,
    ]);
  });

  test("a key file that cannot be read, if it is needed", () => {
    const failure = new ConfigError("Cannot read the key");
    const given = { settings: { user: {} }, failures: { OPENAI_API_KEY: failure } };
    expect(() => resolve({ given })).toThrow(failure);
    expect(summary(resolve({ given, flags: { apiKey: "flag" } }))).toEqual(["flag", undefined]);
    expect(() => keyOfVariable(configuration(given), "OPENAI_API_KEY")).toThrow(failure);
  });
});

test("keyOfVariable() reads one variable", () => {
  const given = configuration({ variables: { A_KEY: "a" } });
  expect(summary(keyOfVariable(given, "A_KEY"))).toEqual(["a", "A_KEY"]);
  expect(summary(keyOfVariable(given, "B_KEY"))).toEqual(["missing", "B_KEY"]);
});
