import { formatMode } from "../lib/files/inspect-file.ts";
import type { Configuration } from "../models/configuration.ts";
import type { OauthState, Resolution, ResolvedKey } from "../models/resolution.ts";
import { unreadSettings } from "../models/unread/unread-settings.ts";
import { unreadVariables } from "../models/unread/unread-variables.ts";
import { maskKey } from "../secrets/mask.ts";
import type { Scope, Source } from "../source.ts";
import { describeProblem, type ProblemField } from "./connection-problem.ts";
import { activeAccount } from "./describe-accounts.ts";
import { describeMethod, type MethodInForce } from "./describe-method.ts";
import { DISCONTINUED_ON } from "./oauth/discontinued.ts";
import { CATALOGUE } from "./providers/catalogue.ts";
import {
  describeVerification,
  UNCHECKED,
  type Verification,
  type VerifiedField,
} from "./verify/verification.ts";

/** What `qwen auth status --json` prints; absent rather than null where unknown (`spec/cli.md`). */
export type AuthStatus = MethodInForce & {
  readonly schemaVersion: 1;
  readonly loggedIn: boolean;
  readonly state: "configured" | "incomplete" | "none";
  /** Why no request can be made; absent where one can. */
  readonly problem?: ProblemField;
  readonly protocol?: string;
  /** What decided the protocol, and with it the method. */
  readonly protocolSource?: Source;
  readonly baseUrl?: { readonly value: string; readonly source: Source };
  /** Where the service speaks Anthropic's protocol, too, by the entry in force. */
  readonly anthropicBaseUrl?: { readonly value: string; readonly source: Source };
  readonly model?: { readonly id: string; readonly source: Source };
  readonly key: {
    readonly present: boolean;
    /** Absent also where the key lies in the keyring, or a helper has it: neither was asked. */
    readonly masked?: string;
    /** The key itself, with `--show-token` only. */
    readonly value?: string;
    readonly source?: Source;
    /** Why what stands at the source can be no key. */
    readonly unusable?: string;
    readonly envKey?: string;
    readonly shadowed: readonly Source[];
  };
  /** The account whose key it is; absent for a key without a name. */
  readonly account?: string;
  /** Of Qwen OAuth only. */
  readonly oauth?: {
    readonly discontinuedOn: string;
    /** The file of the tokens; absent, as is the rest, when there are none. */
    readonly path?: string;
    /** ISO 8601; absent for a time that is none. */
    readonly expiresAt?: string;
    /** Whether the next request refreshes the token first. */
    readonly refreshDue?: boolean;
  };
  readonly settings: readonly {
    readonly scope: Scope;
    readonly path: string;
    readonly exists: boolean;
    /** As `chmod` takes it: `0600`. */
    readonly mode?: string;
  }[];
  readonly dotenv: { readonly path?: string; readonly shadowed: readonly string[] };
  readonly trust: {
    readonly folder: string;
    readonly trusted: boolean;
    /** Whether the key needs the folder's trust to be sent to the endpoint. */
    readonly required: boolean;
  };
  readonly verified: VerifiedField;
  readonly warnings: readonly string[];
};

/** Turns a resolution into the status that text, JSON and errors are made from. */
export function describeAuth(
  configuration: Configuration,
  resolution: Resolution,
  verification: Verification = UNCHECKED,
): AuthStatus {
  const { endpoint, model, protocol, selectedBy, key, state, anthropicBase } = resolution;
  const account = activeAccount(configuration.accounts, key);
  return {
    schemaVersion: 1,
    loggedIn: state === "configured" && verification.state !== "rejected",
    ...describeMethod(resolution),
    // A key that is withheld is told by `trust.required`.
    state: state === "withheld" ? "incomplete" : state,
    ...describeProblem(resolution),
    ...(protocol === undefined ? {} : { protocol: protocol.value }),
    ...(selectedBy === undefined ? {} : { protocolSource: selectedBy }),
    ...(endpoint === undefined
      ? {}
      : { baseUrl: { value: endpoint.value, source: endpoint.source } }),
    ...(anthropicBase === undefined
      ? {}
      : { anthropicBaseUrl: { value: anthropicBase.value, source: anthropicBase.source } }),
    ...(model === undefined ? {} : { model: { id: model.value, source: model.source } }),
    key: describeKey(key),
    ...(account === undefined ? {} : { account }),
    ...(resolution.isQwenOauth ? { oauth: describeOauth(resolution.oauth) } : {}),
    settings: configuration.files.map(({ scope, path, exists, mode }) => ({
      scope,
      path,
      exists,
      ...(mode === undefined ? {} : { mode: formatMode(mode) }),
    })),
    dotenv: {
      ...(configuration.dotenv.path === undefined ? {} : { path: configuration.dotenv.path }),
      shadowed: configuration.dotenv.shadowed.map(({ path }) => path),
    },
    trust: describeTrust(configuration, resolution),
    verified: describeVerification(verification),
    warnings: [
      ...configuration.warnings,
      ...resolution.warnings,
      ...unreadVariables(configuration, resolution, CATALOGUE),
      ...unreadSettings(configuration, resolution),
    ],
  };
}

function describeKey(key: ResolvedKey): AuthStatus["key"] {
  switch (key.kind) {
    case "present":
      return {
        present: true,
        masked: maskKey(key.value),
        source: key.source,
        ...(key.envKey === undefined ? {} : { envKey: key.envKey }),
        shadowed: key.shadowed,
      };
    case "deferred":
      return { present: true, source: key.source, envKey: key.envKey, shadowed: key.shadowed };
    case "keyless":
      return {
        present: false,
        ...(key.envKey === undefined ? {} : { envKey: key.envKey }),
        shadowed: [],
      };
    case "unusable":
      return {
        present: false,
        unusable: key.reason,
        source: key.source,
        ...(key.envKey === undefined ? {} : { envKey: key.envKey }),
        shadowed: key.shadowed,
      };
    case "missing":
      return {
        present: false,
        ...(key.envKeys[0] === undefined ? {} : { envKey: key.envKeys[0] }),
        shadowed: [],
      };
  }
}

function describeOauth(oauth: OauthState | undefined): NonNullable<AuthStatus["oauth"]> {
  const discontinuedOn = DISCONTINUED_ON;
  if (oauth === undefined) {
    return { discontinuedOn };
  }
  const { path, expiresAt, isRefreshDue } = oauth;
  const date = new Date(expiresAt);
  const isDate = !Number.isNaN(date.getTime());
  return {
    discontinuedOn,
    path,
    ...(isDate ? { expiresAt: date.toISOString() } : {}),
    refreshDue: isRefreshDue,
  };
}

function describeTrust(
  { isTrusted, cwd }: Configuration,
  { trustFolder, pairing }: Resolution,
): AuthStatus["trust"] {
  const folder = trustFolder ?? cwd;
  return {
    folder,
    trusted: isTrusted(folder),
    required: pairing.kind === "withheld" || pairing.kind === "trusted",
  };
}
