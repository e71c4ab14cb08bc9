import type { AuthStatus } from "../../auth/describe-auth.ts";
import type { VerifiedField } from "../../auth/verify/verification.ts";
import { tellTime } from "../../lib/tell-time.ts";
import type { Resolution } from "../../models/resolution.ts";
import { describeSource } from "../../source.ts";
import type { Row } from "./lay-out-rows.ts";

/**
 * What is in force, each value with its source. A screen shows the model first, and neither the
 * method nor the region, which stand in the verdict above.
 */
export function connectionRows(
  status: AuthStatus,
  resolution: Resolution,
  page: { readonly method: string; readonly isShort: boolean; readonly now: number },
): Row[] {
  const { method, isShort } = page;
  const { region, protocol, protocolSource, model, key, trust } = status;
  // Where nothing speaks a protocol yet, the row of the method says what selected it.
  const selected = protocol === undefined ? protocolSource : undefined;
  const head: Row[] = [
    ...(status.method === "none" || (isShort && selected === undefined)
      ? []
      : [{ label: "Method", value: method, source: selected }]),
    ...(isShort || region === undefined ? [] : [{ label: "Region", value: region }]),
  ];
  const spoken: Row[] =
    protocol === undefined ? [] : [{ label: "Protocol", value: protocol, source: protocolSource }];
  const endpoint = endpointRows(status);
  const asked: Row[] =
    model === undefined ? [] : [{ label: "Model", value: model.id, source: model.source }];
  return [
    ...head,
    ...(isShort ? [...asked, ...endpoint, ...spoken] : [...spoken, ...endpoint, ...asked]),
    ...keyRows(status, resolution),
    ...(status.account === undefined || key.source?.kind === "account"
      ? []
      : [{ label: "", value: `account ${status.account}` }]),
    ...expiryRows(status, resolution, page),
    ...key.shadowed.map((source): Row => ({ label: "", value: `hides ${describeSource(source)}` })),
    ...(trust.required
      ? [
          {
            label: "Trust",
            value: `${trust.folder} is ${trust.trusted ? "trusted" : "not trusted"}`,
          },
        ]
      : []),
    ...verifiedRows(status, isShort),
  ];
}

function endpointRows({ baseUrl, anthropicBaseUrl }: AuthStatus): Row[] {
  const anthropic =
    anthropicBaseUrl === undefined
      ? []
      : [{ label: "", ...anthropicBaseUrl, value: `${anthropicBaseUrl.value} (anthropic)` }];
  return [...(baseUrl === undefined ? [] : [{ label: "Base URL", ...baseUrl }]), ...anthropic];
}

function verifiedRows({ loggedIn, verified }: AuthStatus, isShort: boolean): Row[] {
  if (verified.state === "unchecked") {
    const value = isShort
      ? "no; `qwen auth status --verify` asks the service"
      : verifiedText(verified);
    return loggedIn ? [{ label: "Verified", value }] : [];
  }
  const { left, consoleUrl } = verified;
  const rest = left ?? (consoleUrl === undefined ? undefined : `see ${consoleUrl}`);
  return [
    { label: "Verified", value: verifiedText(verified) },
    ...(rest === undefined ? [] : [{ label: "Left", value: rest }]),
  ];
}

/** What asking the service told, for people. */
export function verifiedText({ state, detail, modelListed }: VerifiedField): string {
  switch (state) {
    case "unchecked":
      return "no (not checked against the service; `qwen auth status --verify` does)";
    case "ok":
      return modelListed === false ? `the key, but not the model: ${detail}` : `yes: ${detail}`;
    case "rejected":
    case "unreachable":
    case "unverifiable":
      return `no, ${state}: ${detail}`;
  }
}

/** What stands for a key that lies in the keyring, or that a helper has. */
export const NOT_FETCHED = "(not fetched)";

function keyRows({ key }: AuthStatus, resolution: Resolution): Row[] {
  const label = "API key";
  if (key.present && key.source !== undefined) {
    return [{ label, value: key.value ?? key.masked ?? NOT_FETCHED, source: key.source }];
  }
  if (resolution.key.kind === "unusable") {
    return [{ label, value: "unusable", source: resolution.key.source }];
  }
  if (resolution.key.kind === "keyless") {
    return [{ label, value: keylessText(resolution.key) }];
  }
  return key.envKey === undefined ? [] : [{ label, value: `missing (${key.envKey})` }];
}

function keylessText({
  envKey,
  isUnset,
  header,
}: Extract<Resolution["key"], { kind: "keyless" }>): string {
  if (header !== undefined) {
    return `none; the header "${header}" authenticates`;
  }
  return isUnset === true ? `none (${envKey} is not set)` : "none needed";
}

function expiryRows(
  { oauth }: AuthStatus,
  resolution: Resolution,
  { isShort, now }: { readonly isShort: boolean; readonly now: number },
): Row[] {
  if (oauth?.path === undefined) {
    return [];
  }
  const verb = resolution.oauth?.isExpired === true ? "expired" : "expires";
  const due = oauth.refreshDue === true ? ", refreshed at the next request" : "";
  const { expiresAt } = oauth;
  const told =
    isShort && expiresAt !== undefined ? tellTime(Date.parse(expiresAt), now) : expiresAt;
  return [{ label: "Token", value: `${verb} ${told ?? "at a time that is none"}${due}` }];
}

/** The files that were read, and those that were passed over. */
export function fileRows({ settings, dotenv }: AuthStatus): Row[] {
  const read = settings.filter(({ exists }) => exists);
  return [
    ...(read.length === 0
      ? [{ label: "Settings", value: "no file" }]
      : read.map(({ path, scope }) => ({ label: "Settings", value: `${path} (${scope})` }))),
    { label: ".env", value: dotenv.path ?? "no file" },
    ...dotenv.shadowed.map((path) => ({ label: "", value: `not read: ${path}` })),
  ];
}
