import type { Env } from "../../runtime.ts";
import { TOKEN_VARIABLE } from "./recipe.ts";

type EnvironmentParts = {
  readonly env: Env;
  /** Every variable that an `envKey` of the configuration or the catalogue names. */
  readonly keyNames: readonly string[];
  /** What the recipe sets; `undefined`: nothing. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The token, or with `--no-broker` the key. */
  readonly token: string;
  /** The real key: a variable that holds it goes, whatever its name. */
  readonly key: string | undefined;
  /** `--keep` */
  readonly kept: readonly string[];
  /** Where the broker is; `undefined`: there is none. */
  readonly url: string | undefined;
};

export type ToolEnvironment = {
  readonly env: Env;
  /** Names of what was set, and of what was there and was taken out. */
  readonly set: readonly string[];
  readonly removed: readonly string[];
};

/** Credentials that tools would send beside ours, or in its place, and what our runtime reads. */
const REMOVED =
  /^(?:ANTHROPIC_(?:API_KEY|AUTH_TOKEN|CUSTOM_HEADERS)|CLAUDE_CODE_OAUTH_TOKEN|CODEX_API_KEY|OPENAI_API_KEY|GOOGLE_API_KEY|GEMINI_API_KEY|QWEN_API_KEY|QWEN_(?:OPENAI|CUSTOM_API_KEY)_.*|BUN_.*)$/;

const LOOPBACK = "127.0.0.1,localhost,::1";

/**
 * The environment of a tool (`spec/broker.md` §2): ours, without keys, with what its recipe sets.
 * Hosts of this machine are taken out of every proxy, or the token would go there.
 */
export function toolEnvironment(given: EnvironmentParts): ToolEnvironment {
  const { env, keyNames, variables, token, key, kept, url } = given;
  const names = new Set(keyNames.flatMap((name) => [name, `${name}_FILE`]));
  const isKept = (name: string): boolean => kept.includes(name);
  const holdsKey = (value: string): boolean =>
    key !== undefined && key !== "" && value.includes(key);
  const removed = Object.entries(env)
    .filter(
      ([name, value]) =>
        !isKept(name) && (names.has(name) || REMOVED.test(name) || holdsKey(value ?? "")),
    )
    .map(([name]) => name);
  const set = {
    ...variables,
    [TOKEN_VARIABLE]: token,
    ...(url === undefined
      ? {}
      : {
          QWEN_RUN_URL: url,
          QWEN_RUN: "1",
          NO_PROXY: withLoopback(env.NO_PROXY),
          no_proxy: withLoopback(env.no_proxy),
        }),
  };
  const named = Object.entries(set).filter(([, value]) => value !== undefined);
  const rest = Object.entries(env).filter(([name]) => !removed.includes(name));
  return {
    env: { ...Object.fromEntries(rest), ...Object.fromEntries(named) },
    set: named.map(([name]) => name).sort(),
    removed: removed.filter((name) => !named.some(([other]) => other === name)).sort(),
  };
}

function withLoopback(list = ""): string {
  return list === "" ? LOOPBACK : `${list},${LOOPBACK}`;
}
