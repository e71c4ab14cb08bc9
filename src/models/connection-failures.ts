import { AuthError, ConfigError, UsageError } from "../errors.ts";
import { encodePath, isPlainPath } from "../lib/endpoint-url.ts";
import type { Source, Sourced } from "../source.ts";
import { PROTOCOLS, type Protocol, STANDARD } from "./protocol.ts";
import type { ResolvedKey } from "./resolution.ts";

const STEERS = "its name would change where the request goes";

/**
 * A model of Gemini's stands in the path of the request: one that would change that path never
 * comes as far as the question whether the endpoint may have the key.
 * @throws ConfigError, or UsageError when it stands on the command line
 */
export function throwIfSteering(protocol: Protocol, model: Sourced<string> | undefined): void {
  if (protocol !== "gemini" || model === undefined || isPlainPath(encodePath(model.value))) {
    return;
  }
  const hint = "name a model as `qwen models --remote` lists it";
  const { kind, name } = model.source;
  throw kind === "flag"
    ? new UsageError(`Cannot use the value of \`${name}\`: ${STEERS}`, {
        code: "invalid-value",
        hint,
      })
    : new ConfigError(
        `Cannot use the model "${model.value}" of ${placeOf(model.source)}: ${STEERS}`,
        {
          code: "settings-invalid",
          hint,
        },
      );
}

type Homeless = {
  readonly misnamed: string | undefined;
  readonly model: Sourced<string>;
  readonly key: ResolvedKey;
};

/** Why a key is sent nowhere for which no endpoint is known; `undefined`: that is not what lacks. */
export function unknownEndpoint(
  protocol: Protocol,
  { misnamed, model, key }: Homeless,
): AuthError | undefined {
  if (key.kind === "missing" || key.kind === "unusable") {
    return undefined;
  }
  const source = key.kind === "keyless" ? undefined : key.source;
  const keyName = key.envKey ?? source?.name;
  const [variable] = STANDARD[protocol].baseUrls;
  if (misnamed !== undefined) {
    return new AuthError(
      `Cannot tell where \`${keyName}\` belongs: \`${misnamed}\` names another endpoint than the public one, and only \`${variable}\` is read`,
      { code: "endpoint-missing", hint: `set \`${variable}\` as well, or unset \`${misnamed}\`` },
    );
  }
  return new AuthError(
    `Cannot tell where \`${keyName}\` belongs: no endpoint is configured for "${model.value}"${askedBy(model.source)}`,
    {
      code: "endpoint-missing",
      hint: `set \`${variable}\` to the base URL of its service, or run \`qwen auth\``,
    },
  );
}

/** A variable that chose the model may be what is wrong. */
function askedBy(source: Source): string {
  const name = source.name?.replace(/^env\./, "");
  const isVariable = PROTOCOLS.some((it) => STANDARD[it].models.some((other) => other === name));
  return isVariable ? ` of ${placeOf(source)}` : "";
}

/** A place as messages name it: `` `NAME` in `/path` ``. */
export function placeOf({ name, path }: Source): string {
  return [name, path].flatMap((part) => (part === undefined ? [] : [`\`${part}\``])).join(" in ");
}
