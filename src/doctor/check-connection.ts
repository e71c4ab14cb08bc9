import { connectionProblem } from "../auth/connection-problem.ts";
import { hostOf } from "../lib/endpoint-url.ts";
import type { Resolution, ResolvedKey } from "../models/resolution.ts";
import { maskKey } from "../secrets/mask.ts";
import type { Source } from "../source.ts";
import { describeSource } from "../source.ts";
import { type Check, check, type Failure, failed } from "./check.ts";

/** What would be used, each with its source and what it hides; last whether it would work. */
export function checkConnection(resolution: Resolution): readonly Check[] {
  const { protocol, model, endpoint, key } = resolution;
  return [
    checkValue("connection.protocol", protocol),
    checkValue("connection.model", model),
    checkValue("connection.endpoint", endpoint),
    checkKey("connection.key", key),
    checkVerdict(resolution),
  ];
}

/**
 * What can be told where the configuration cannot be loaded.
 * @param failure why, unless the check of a file has said so
 */
export function skipConnection(failure: Failure | undefined): readonly Check[] {
  const skip = (id: string): Check =>
    check(id, { status: "skipped", summary: "not known: a file cannot be used" });
  return [
    skip("variables"),
    skip("connection.protocol"),
    skip("connection.model"),
    skip("connection.endpoint"),
    skip("connection.key"),
    failure === undefined ? skip("connection") : failed("connection", failure),
    skip("configuration"),
  ];
}

type Value = {
  readonly value: string;
  readonly source: Source;
  readonly shadowed: readonly Source[];
};

function checkValue(id: string, found: Value | undefined): Check {
  return found === undefined
    ? check(id, { status: "skipped", summary: "none" })
    : check(id, {
        status: "ok",
        summary: `${found.value} from ${describeSource(found.source)}`,
        detail: found.shadowed.map((source) => `hides ${describeSource(source)}`),
      });
}

function checkKey(id: string, key: ResolvedKey): Check {
  switch (key.kind) {
    case "present":
      return checkValue(id, { ...key, value: maskKey(key.value) });
    case "deferred":
      return checkValue(id, { ...key, value: "not asked for," });
    case "keyless":
      return check(id, { status: "ok", summary: "none needed" });
    case "unusable":
      return checkValue(id, { ...key, value: "unusable" });
    case "missing":
      return check(id, {
        status: "skipped",
        summary: key.envKeys.length === 0 ? "none" : `none (${key.envKeys.join(" or ")})`,
      });
  }
}

function checkVerdict(resolution: Resolution): Check {
  if (resolution.state !== "configured") {
    return failed("connection", connectionProblem(resolution, "ask a model"));
  }
  const problem = connectionProblem(resolution, "ask a model");
  const { model, endpoint } = resolution;
  return problem === undefined
    ? check("connection", {
        status: "ok",
        summary: `${model.value} at ${hostOf(endpoint.value)} can be asked`,
      })
    : failed("connection", problem);
}

/** The variables that a file should give (`NAME_FILE`), and why it does not. */
export function checkVariables(failures: readonly Failure[]): Check {
  const [first, ...more] = failures;
  return first === undefined
    ? check("variables", { status: "ok", summary: "no `NAME_FILE` names a file that is unusable" })
    : check("variables", {
        status: "warning",
        summary: first.message,
        detail: more.map(({ message }) => message),
        remedy: first.hint,
      });
}

/** What `qwen auth status` warns of, less what other checks have said already. */
export function checkWarnings(warnings: readonly string[], said: readonly string[]): Check {
  const [first, ...detail] = warnings.filter((warning) => !said.includes(warning));
  return first === undefined
    ? check("configuration", { status: "ok", summary: "nothing to warn of" })
    : check("configuration", { status: "warning", summary: first, detail });
}
