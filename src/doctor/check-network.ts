import { failureHint } from "../auth/verify/failure-hints.ts";
import { describeFailure } from "../auth/verify/request-problem.ts";
import type { FailureKind } from "../http/request-failure.ts";
import type { EndpointProbe, HttpAnswer, Step } from "../protocols/probe-endpoint.ts";
import { type Check, check } from "./check.ts";

/** Where nothing was asked, or nothing could be. */
export function skipNetwork(summary: string): Check {
  return check("network", { status: "skipped", summary });
}

type AskedEndpoint = {
  /** As it may be shown. */
  readonly baseUrl: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/** The way to the endpoint, and the clock by what the server says. */
export function checkNetwork(
  probe: EndpointProbe,
  { baseUrl, now }: AskedEndpoint,
): readonly Check[] {
  const { target, proxy, dns, tcp, tls, http } = probe;
  const where = `${proxy === undefined ? "" : "the proxy "}${target.host}`;
  return [
    checkStep("network.dns", dns, {
      done: (addresses) => ok(`${where} is ${addresses.join(", ")}`),
      remedy:
        proxy === undefined
          ? "check the endpoint's name and this machine's name server"
          : "check the name of the proxy",
    }),
    checkStep("network.tcp", tcp, {
      done: () => ok(`${where} takes connections on port ${target.port}`),
      remedy:
        proxy === undefined
          ? "check firewalls, or name a proxy with `HTTPS_PROXY`"
          : "check the address of the proxy, and that it runs",
    }),
    checkStep("network.tls", tls, {
      done: ({ version, validTo }) => ok(`${version}, certificate valid until ${validTo}`),
      remedy: "name your organisation's certificates with `--ca-cert` or `QWEN_CA_CERT`",
    }),
    checkStep("network.http", http, {
      done: (answer) => checkAnswer(answer, baseUrl),
      remedy:
        proxy === undefined
          ? "check the endpoint's address"
          : "check the proxy, its credentials and the certificates to trust",
    }),
    checkServerClock(http, now),
  ];
}

type Result = Pick<Check, "status" | "summary" | "remedy">;

type Texts<Value> = {
  readonly done: (value: Value) => Result;
  /** What to do when the step failed. */
  readonly remedy: string;
};

function checkStep<Value>(id: string, step: Step<Value>, { done, remedy }: Texts<Value>): Check {
  switch (step.kind) {
    case "done":
      return check(id, done(step.value));
    case "failed":
      return check(id, { status: "failed", summary: step.message, remedy });
    case "skipped":
      return check(id, { status: "skipped", summary: step.why });
  }
}

function ok(summary: string): Result {
  return { status: "ok", summary };
}

/** Why an answer is none of a service that is well; without a key most refuse, as they should. */
const UNWELL: ReadonlySet<FailureKind> = new Set([
  "server-error",
  "not-an-api",
  "not-allowed",
  "malformed",
]);

/** An answer shows that the way is free, unless somebody else gave it. */
function checkAnswer({ status, failure }: HttpAnswer, baseUrl: string): Result {
  if (failure === undefined || !(UNWELL.has(failure.kind) || failure.via !== undefined)) {
    return ok(`the service answers ${status} to a request without a key`);
  }
  return {
    status: "warning",
    summary: describeFailure(failure, { baseUrl, keyName: undefined }),
    remedy: failureHint(failure, { baseUrl }) ?? "try again later",
  };
}

/** Milliseconds: more than this and signed requests and certificates begin to fail. */
const TOLERANCE_MS = 5 * 60_000;

function checkServerClock(http: Step<HttpAnswer>, now: number): Check {
  const id = "network.clock";
  const date = http.kind === "done" ? Date.parse(http.value.date ?? "") : Number.NaN;
  if (Number.isNaN(date)) {
    return check(id, { status: "skipped", summary: "no server told its time" });
  }
  const difference = Math.round((now - date) / 60_000);
  return Math.abs(now - date) <= TOLERANCE_MS
    ? check(id, { status: "ok", summary: "the clock agrees with the server's" })
    : check(id, {
        status: "warning",
        summary: `the clock is ${Math.abs(difference)} minutes ${difference > 0 ? "ahead of" : "behind"} the server's`,
        remedy: "set the clock",
      });
}
