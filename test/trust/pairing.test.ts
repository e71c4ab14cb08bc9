import { describe, expect, test } from "bun:test";
import type { Origin } from "../../src/source.ts";
import { decidePairing, type KnownPair, type Pairing } from "../../src/trust/pairing.ts";

const PAIR: KnownPair = { envKey: "A_KEY", baseUrl: "https://a.example/v1" };

function decide(options: {
  readonly endpoint: Origin;
  readonly secret: Origin;
  readonly namedBy?: Origin;
  readonly url?: string;
  readonly envKey?: string | undefined;
  readonly pairs?: readonly KnownPair[];
  readonly trusted?: boolean;
}): Pairing["kind"] {
  const source = (origin: Origin) => ({ kind: "settings", origin }) as const;
  const envKey = "envKey" in options ? options.envKey : "A_KEY";
  return decidePairing({
    endpoint: { value: options.url ?? "https://a.example/v1", source: source(options.endpoint) },
    secret: { source: source(options.secret), envKey, namedBy: options.namedBy ?? "user" },
    knownPairs: () => options.pairs ?? [],
    trusted: options.trusted ?? false,
  }).kind;
}

describe("decidePairing() by endpoint, secret and who named it", () => {
  const always = ["allowed", "allowed", "allowed", "allowed"] as const;
  const asked = ["withheld", "trusted", "known-pair", "known-pair"] as const;
  type Row = readonly [
    endpoint: Origin,
    secret: Origin,
    namedBy: Origin,
    typeof always | typeof asked,
  ];
  const rows: readonly Row[] = [
    ["user", "user", "user", always],
    ["user", "user", "project", asked],
    ["user", "project", "user", always],
    ["user", "project", "project", always],
    ["project", "user", "user", asked],
    ["project", "user", "project", asked],
    ["project", "project", "user", always],
    ["project", "project", "project", always],
  ];
  for (const [endpoint, secret, namedBy, expected] of rows) {
    test(`${endpoint}, ${secret}, ${namedBy}: ${expected[0]} without a pair or trust`, () => {
      const kinds = [[], [PAIR]].flatMap((pairs) =>
        [false, true].map((trusted) => decide({ endpoint, secret, namedBy, pairs, trusted })),
      );
      expect<readonly string[]>(kinds).toEqual(expected);
    });
  }
});

describe("decidePairing() knows the pair of the user's secret and the project's endpoint", () => {
  type Row = readonly [name: string, url: string, envKey: string | undefined, isKnown: boolean];
  const rows: readonly Row[] = [
    ["with a trailing slash", "https://a.example/v1/", "A_KEY", true],
    ["below its path", "https://a.example/v1/x", "A_KEY", true],
    ["not above its path", "https://a.example/", "A_KEY", false],
    ["not on a path that begins alike", "https://a.example/v10", "A_KEY", false],
    ["not over plain http", "http://a.example/v1", "A_KEY", false],
    ["not on another port", "https://a.example:444/v1", "A_KEY", false],
    ["not on another host", "https://a.example.evil/v1", "A_KEY", false],
    ["not by user info", "https://a.example@evil/v1", "A_KEY", false],
    ["not for another variable", "https://a.example/v1", "AWS_SECRET_ACCESS_KEY", false],
    ["not for a variable in another letter case", "https://a.example/v1", "a_key", false],
    ["not for a secret that no variable holds", "https://a.example/v1", undefined, false],
  ];
  for (const [name, url, envKey, isKnown] of rows) {
    test(name, () => {
      const kind = decide({ endpoint: "project", secret: "user", url, envKey, pairs: [PAIR] });
      expect(kind).toBe(isKnown ? "known-pair" : "withheld");
    });
  }

  test("never by one half of one pair and one of another", () => {
    const other = { envKey: "B_KEY", baseUrl: "https://b.example/v1" };
    const url = "https://b.example/v1";
    const pairs = [PAIR, other];
    expect(decide({ endpoint: "project", secret: "user", url, pairs })).toBe("withheld");
  });
});
