import type { JsonObject } from "../../lib/json/json-object.ts";
import type { MountName } from "../mount.ts";

/** The variable of the token in every recipe; older builds refuse one that begins with `QWEN_`. */
export const TOKEN_VARIABLE = "AUTH_RUN_API_KEY";

/** What recipes are made from: where a tool is to go, and with what. */
export type ToolFacts = {
  /** Base URLs as clients take them; of a protocol that the service lacks there is none. */
  readonly bases: Readonly<Partial<Record<MountName, string>>>;
  /** Whether OpenAI's Responses are answered below the base URL of `openai`. */
  readonly responses: string | undefined;
  /** The token, or with `--no-broker` the key. */
  readonly token: string;
  readonly model: string;
  /** The protocol of the connection itself. */
  readonly protocol: MountName;
  /** Tokens. */
  readonly contextWindowSize: number | undefined;
  /** The key goes into `x-api-key` alone (`--no-broker` with Anthropic's own service). */
  readonly isAnthropicKey: boolean;
  /** The service is Anthropic's own, which knows all that claude sends. */
  readonly isAnthropic: boolean;
  /** Every variable that an `envKey` of the configuration names. */
  readonly envKeys: readonly string[];
  /** The system settings of Qwen Code as they are, without keys. */
  readonly systemSettings: JsonObject;
  /** The tool's own settings select a key already (gemini). */
  readonly isKeySelected: boolean;
  /** Where the files of this run go. */
  readonly directory: string;
};

export type RecipeFile = { readonly path: string; readonly content: JsonObject };

/** What a tool needs to go through the broker (`reference/tool-connections.md` A.1). */
export type Recipe = {
  readonly name: string;
  /** Names of programs, without `.exe` and `.cmd`. */
  readonly programs: readonly string[];
  /** npm packages that hold it. */
  readonly packages: readonly string[];
  /** What the service must speak: one of these. */
  readonly needs: readonly (MountName | "responses")[];
  readonly variables: (facts: ToolFacts) => Readonly<Record<string, string | undefined>>;
  /** Put before those of the user. */
  readonly arguments?: (facts: ToolFacts) => readonly string[];
  /** Paths below the directory of the run. */
  readonly files?: (facts: ToolFacts) => readonly RecipeFile[];
  /** What a person should know before it starts. */
  readonly notes?: (facts: ToolFacts) => readonly string[];
};
