import type { AuthError, ConfigError } from "../errors.ts";
import type { RetryOptions } from "../http/retry.ts";
import type { ChatRequest } from "../protocols/chat-request.ts";
import type { Source, Sourced } from "../source.ts";
import type { KnownPair, Pairing } from "../trust/pairing.ts";
import type { ModelEntry } from "./entries/model-entries.ts";
import type { KeyPlace } from "./key-places.ts";
import type { Protocol } from "./protocol.ts";

/** What resolution knows of providers; the data stands in `src/auth/providers/providers.ts`. */
export type Catalogue = {
  readonly knownPairs: () => readonly KnownPair[];
  /** Variables that hold a vendor's key, and its login, less where the key comes from. */
  readonly keyVariables: () => readonly { readonly name: string; readonly command: string }[];
  /** Set-ups that have a key or a region of the plan, but no entries. */
  readonly legacyPlan: {
    readonly envKey: string;
    readonly endpoints: Readonly<Record<string, string>>;
    readonly defaultRegion: string;
    readonly defaultModel: string;
  };
};

/** How a key goes over the wire where a protocol knows two ways. */
type KeyScheme = "key" | "bearer";

export type ResolvedKey =
  | {
      readonly kind: "present";
      readonly value: string;
      readonly source: Source;
      readonly shadowed: readonly Source[];
      /** The variable that it was found under, if it was a variable. */
      readonly envKey: string | undefined;
      readonly scheme: KeyScheme;
      /** What a person should know of it, as `parseKey` says it; absent where that is nothing. */
      readonly notes?: readonly string[];
    }
  | {
      /** What stands there can be no key, so nothing is sent. */
      readonly kind: "unusable";
      /** As `parseKey` says it. */
      readonly reason: string;
      readonly source: Source;
      readonly shadowed: readonly Source[];
      readonly envKey: string | undefined;
    }
  | {
      /** It lies elsewhere and is fetched just before it is sent or printed. */
      readonly kind: "deferred";
      /** Where it is looked for, in this order. */
      readonly places: readonly [KeyPlace, ...KeyPlace[]];
      /** Of the first place. */
      readonly source: Source;
      readonly shadowed: readonly Source[];
      readonly envKey: string;
      readonly scheme: KeyScheme;
    }
  | {
      /** No key is sent: the endpoint wants none, as far as is known. */
      readonly kind: "keyless";
      readonly envKey: string | undefined;
      /** `unset`: an entry of a private endpoint names it, and it is not set. */
      readonly isUnset?: true;
      /** The header of `customHeaders` that authenticates in its place. */
      readonly header?: string;
    }
  | {
      readonly kind: "missing";
      /** The variables that would have been taken. */
      readonly envKeys: readonly string[];
      /** References such as `$NAME` that stand there instead, to variables that are not set. */
      readonly unresolved: readonly string[];
      /** `.env` files that define one of them and were not read, because another came first. */
      readonly hiddenIn: readonly string[];
      /** The one that came first, when another is hidden. */
      readonly hiddenBy?: string;
      /** A project's came first, and one of the user's own is hidden. */
      readonly isOwnHidden?: true;
      /** A key that is stored for connections without a variable of their own. */
      readonly unused?: Source;
      /** A standard variable that is set, and not for the endpoint of an entry that names none. */
      readonly unusedVariable?: string;
      /** The header that stood for the key, and refers to a variable that is not set. */
      readonly unfilled?: string;
      /** A model that a variable names though no entry is called so: the environment has to serve. */
      readonly unlisted?: Sourced<string>;
    };

/** How long the token of Qwen OAuth, which then is the key, is good for. */
export type OauthState = {
  /** The file of the tokens. */
  readonly path: string;
  /** Milliseconds since the epoch, as the file has it. */
  readonly expiresAt: number;
  readonly isExpired: boolean;
  /** Whether the next request refreshes it first. */
  readonly isRefreshDue: boolean;
  /** What is said of the file: no longer true once it is written anew. */
  readonly warnings: readonly string[];
};

/** How a request is made, beside where to and with which key: `generationConfig`, understood. */
export type RequestOptions = {
  /** Milliseconds until the headers of an answer are there; 0: no limit. */
  readonly timeoutMs: number;
  /** Milliseconds of silence in an answer; 0: no limit. */
  readonly idleTimeoutMs: number;
  readonly maxRetries: number;
  readonly retry: RetryOptions;
  readonly body: Pick<ChatRequest, "samplingParams" | "extraBody" | "reasoning">;
  readonly customHeaders: Readonly<Record<string, string>>;
};

/** What every resolution tells, whatever came of it. */
type ResolutionBase = {
  /** What decided how one authenticates: a flag, a setting, a variable. */
  readonly selectedBy: Source | undefined;
  /** The selected type is Qwen OAuth: endpoint and key come from its stored tokens. */
  readonly isQwenOauth: boolean;
  /** The stored tokens; absent where Qwen OAuth is not selected, or has none. */
  readonly oauth?: OauthState;
  /** The entry whose endpoint it is; its key, headers and body are for that endpoint alone. */
  readonly entry: ModelEntry | undefined;
  /**
   * The endpoint that a flag or an account took the place of, with all that belongs to it. With an
   * account the entry is still the one that names the variable.
   */
  readonly replaced: string | undefined;
  /**
   * Where its entry says that the service speaks Anthropic's protocol, too, in its one form; absent
   * where it says nothing, or the key may not go there.
   */
  readonly anthropicBase?: Sourced<string>;
  readonly pairing: Pairing;
  /**
   * Where in the project's own files an endpoint, or an entry's choice of key, comes from: of
   * several places the first whose folder is not trusted.
   */
  readonly projectSource: Source | undefined;
  /** The folder of that place, whose trust decides, where there is a key. */
  readonly trustFolder: string | undefined;
  readonly isLegacyPlan: boolean;
  readonly warnings: readonly string[];
};

/** A resolution with which no request can be made, and what is known all the same. */
export type Unfinished = ResolutionBase & {
  /** `none`: nothing is configured. `withheld`: the pairing rule keeps the key back. */
  readonly state: "none" | "incomplete" | "withheld";
  readonly protocol: Sourced<Protocol> | undefined;
  readonly model: Sourced<string> | undefined;
  /** In its one form, as it is requested and shown. */
  readonly endpoint: Sourced<string> | undefined;
  readonly key: ResolvedKey;
  /**
   * Why the configuration cannot be used as it is. Chat, `status`, `token` and `env` throw it;
   * commands that repair warn and go on.
   */
  readonly problem: ConfigError | AuthError | undefined;
  /** Variables that are set and that nothing reads. */
  readonly unread: readonly string[];
  /** Files that were not read because their folder is distrusted, a line each. */
  readonly distrusted?: readonly string[];
};

/** A key that a request can do with. */
type UsableKey = Exclude<ResolvedKey, { readonly kind: "missing" | "unusable" }>;

/** All that a request needs, before `prepareRequest` looked it through. */
export type Complete = ResolutionBase & {
  readonly protocol: Sourced<Protocol>;
  readonly model: Sourced<string>;
  readonly endpoint: Sourced<string>;
  readonly key: UsableKey;
};

/** A resolution with which a request can be made: nothing here can refuse it any more. */
export type Configured = Complete & {
  readonly state: "configured";
  readonly request: RequestOptions;
  readonly problem: undefined;
};

/** What would be used, and why; the one answer that every command prints or acts on. */
export type Resolution = Unfinished | Configured;

/** A key as it can be sent. */
export type LoadedKey = Exclude<UsableKey, { readonly kind: "deferred" }>;

/** A resolution whose key, if it lay elsewhere, has been fetched. */
export type LoadedResolution = Configured & { readonly key: LoadedKey };
