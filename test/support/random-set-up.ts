import type { JsonObject } from "../../src/lib/json/json-object.ts";

/** A machine that somebody could have: files below home, variables, and what is typed. */
export type SetUp = {
  readonly seed: number;
  /** By their path below home; the project is `p`. `A` and `B` stand for two servers' origins. */
  readonly files: Readonly<Record<string, JsonObject | string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
};

type Random = {
  /** One of these. */
  readonly pick: <Item>(...items: readonly Item[]) => Item;
  /** Whether something is so that happens once in `times`. */
  readonly oneIn: (times: number) => boolean;
};

/** The same set-up for the same seed, for ever: what real releases did with it is on record. */
export function randomSetUp(seed: number): SetUp {
  const random = randomOf(seed);
  const { pick, oneIn } = random;
  const protocol = pick("openai", "openai", "openai", "openai", "anthropic", "gemini");
  const count = pick(0, 1, 1, 2, 2, 3);
  const entries = Array.from({ length: count }, (_, index) => entryOf(random, protocol, index));
  const ids = entries.map(({ id }) => String(id));
  const name = nameOf(random, protocol, ids);
  const user = {
    $version: 4,
    ...(count === 0 ? {} : { modelProviders: { [protocol]: entries } }),
    ...(oneIn(6) ? {} : { security: { auth: authOf(random, protocol) } }),
    model: {
      ...(name === undefined ? {} : { name }),
      ...(oneIn(8) ? { baseUrl: pick(`A${pathOf(protocol)}`, `B${pathOf(protocol)}/`) } : {}),
      ...(oneIn(5) ? { generationConfig: generationOf(random) } : {}),
      ...(oneIn(8) ? { reasoningEffort: pick("low", "high", "max", "none", "odd") } : {}),
    },
    env: storedKeys(random),
    ...(oneIn(12) ? pick({ codingPlan: null }, { proxy: null }, { advanced: null }) : {}),
  };
  const system = oneIn(8) ? { model: { generationConfig: generationOf(random) } } : undefined;
  const project = oneIn(8) ? projectOf(random, protocol) : undefined;
  return {
    seed,
    files: {
      ".qwen/settings.json": user,
      ...(system === undefined ? {} : { "system/settings.json": system }),
      ...(project === undefined ? {} : { "p/.qwen/settings.json": project }),
      ...(oneIn(8) ? { "p/.env": pick("K1=of-project-env-1\n", "DATABASE_URL=x\n") } : {}),
      ...(oneIn(8)
        ? { ".qwen/.env": pick("K2=of-home-env-22\n", "OPENAI_API_KEY=of-home-env-0\n") }
        : {}),
    },
    env: shellOf(random, protocol),
    args: argumentsOf(random, ids),
  };
}

function pathOf(protocol: string): string {
  return protocol === "openai" ? "/v1" : "";
}

function entryOf({ pick, oneIn }: Random, protocol: string, index: number): JsonObject {
  const at = pick("A", "A", "B");
  return {
    id: oneIn(6) ? "a" : (["a", "b", "c"][index] ?? "d"),
    ...(oneIn(10) ? {} : { baseUrl: `${at}${pathOf(protocol)}${pick("", "", "", "/")}` }),
    ...(oneIn(6) ? {} : { envKey: pick("K1", "K1", "K2", "QWEN_API_KEY", standardKey(protocol)) }),
    ...(oneIn(8) ? pick({ name: "Model" }, { name: null }, { description: { en: "x" } }) : {}),
    ...(oneIn(10)
      ? pick({ imageOnly: true }, { wireApi: "responses" }, { voiceOnly: true }, { wireApi: null })
      : {}),
    ...(oneIn(2) ? { generationConfig: generationOf({ pick, oneIn }) } : {}),
  };
}

function generationOf({ pick, oneIn }: Random): JsonObject {
  return {
    ...(oneIn(2)
      ? {
          samplingParams: pick(
            { temperature: 0.5 },
            { top_p: 0.9, temperature: 1 },
            { max_tokens: 777 },
          ),
        }
      : {}),
    ...(oneIn(3)
      ? { extra_body: pick({ seed: 7 }, { enable_thinking: true }, { x: { y: [1] } }) }
      : {}),
    ...(oneIn(3)
      ? { customHeaders: pick({ "X-One": "1" }, { "X-One": 1 }, { "X-One": "1", "X-Two": null }) }
      : {}),
    ...(oneIn(4)
      ? {
          reasoning: pick<unknown>(
            false,
            { effort: "low" },
            { effort: "high" },
            { effort: "max" },
            { budget_tokens: 2048 },
            null,
          ),
        }
      : {}),
    ...(oneIn(4) ? pick({ timeout: 20_000 }, { maxRetries: 0 }, { timeout: null }) : {}),
  };
}

function standardKey(protocol: string): string {
  return `${protocol.toUpperCase()}_API_KEY`;
}

function authOf({ pick, oneIn }: Random, protocol: string): JsonObject {
  return {
    selectedType: oneIn(10) ? pick("openai", "anthropic", "gemini") : protocol,
    ...(oneIn(10) ? { apiKey: "of-settings-auth" } : {}),
    ...(oneIn(12) ? { baseUrl: `B${pathOf(protocol)}` } : {}),
    ...(oneIn(16) ? { apiKey: null } : {}),
  };
}

function nameOf(
  { pick, oneIn }: Random,
  protocol: string,
  ids: readonly string[],
): string | undefined {
  if (oneIn(4)) {
    return undefined;
  }
  const known = pick("a", ...ids);
  return oneIn(10) ? pick("unknown", `$runtime|${protocol}|${known}`, "  ", "") : known;
}

function storedKeys({ oneIn }: Random): JsonObject {
  return {
    ...(oneIn(8) ? {} : { K1: "of-settings-env-1" }),
    ...(oneIn(3) ? {} : { K2: "of-settings-env-2" }),
    ...(oneIn(3) ? { QWEN_API_KEY: "of-settings-env-q" } : {}),
    ...(oneIn(6) ? { OPENAI_API_KEY: "of-settings-env-0" } : {}),
    ...(oneIn(8) ? { K1: "" } : {}),
  };
}

function projectOf({ pick }: Random, protocol: string): JsonObject {
  return pick<JsonObject>(
    { model: { generationConfig: { samplingParams: { temperature: 0.1 } } } },
    {
      modelProviders: {
        [protocol]: [{ id: "team", baseUrl: `B${pathOf(protocol)}`, envKey: "K2" }],
      },
    },
    { modelProviders: {} },
    { model: { name: "b" } },
  );
}

function shellOf({ oneIn }: Random, protocol: string): Record<string, string> {
  const upper = protocol.toUpperCase();
  const urlName = protocol === "gemini" ? "GOOGLE_GEMINI_BASE_URL" : `${upper}_BASE_URL`;
  return {
    ...(oneIn(8) ? { K1: "of-the-shell-1" } : {}),
    ...(oneIn(5) ? { [standardKey(protocol)]: "of-the-shell-0" } : {}),
    ...(oneIn(6) ? { [urlName]: `B${pathOf(protocol)}` } : {}),
    ...(oneIn(8) ? { [`${upper}_MODEL`]: "of-the-shell" } : {}),
    ...(oneIn(10) ? { K1: "" } : {}),
  };
}

function argumentsOf({ pick, oneIn }: Random, ids: readonly string[]): readonly string[] {
  return [
    ...(oneIn(6) ? ["-m", pick("b", "other", ...ids)] : []),
    ...(oneIn(12) ? ["--openai-api-key", "of-the-flag"] : []),
    ...(oneIn(12) ? ["--openai-base-url", "B/v1"] : []),
    ...(oneIn(16) ? ["--auth-type", pick("openai", "anthropic", "gemini")] : []),
  ];
}

/** Mulberry32, a small generator whose numbers are the same everywhere. */
function randomOf(seed: number): Random {
  let state = seed * 0x9e37_79b1;
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    pick: (...items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined && items.length === 0) {
        throw new Error("Cannot pick of nothing");
      }
      return item as (typeof items)[number];
    },
    oneIn: (times) => next() * times < 1,
  };
}
