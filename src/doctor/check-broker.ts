import { type Check, check } from "./check.ts";

/** What decides whether a tool reaches the server of `auth run` and `auth serve`. */
export type BrokerFacts = {
  /** The variable whose proxy a tool would take to this very machine. */
  readonly proxy: string | undefined;
  /** What came of listening and connecting; `undefined`: not tried. */
  readonly loopback: { readonly failure: string | undefined } | undefined;
};

export function checkBroker({ proxy, loopback }: BrokerFacts): Check {
  if (loopback?.failure !== undefined) {
    return check("broker", {
      status: "failed",
      summary: `\`auth run\` cannot listen on 127.0.0.1: ${loopback.failure}`,
      remedy: "allow programs to use the loopback interface, or use `qwen auth run --no-broker`",
    });
  }
  return check("broker", {
    status: "ok",
    summary:
      proxy === undefined
        ? "tools reach `auth run` without a proxy"
        : `\`${proxy}\` is for this machine as well: \`auth run\` adds to NO_PROXY, clients of \`auth serve\` must`,
  });
}
