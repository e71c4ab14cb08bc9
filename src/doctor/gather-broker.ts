import { findProxy, usedProxy } from "../http/choose-proxy.ts";
import { describeSystemError } from "../lib/system-error.ts";
import type { Env } from "../runtime.ts";
import type { BrokerFacts } from "./check-broker.ts";

const LOOPBACK = "127.0.0.1";

/** @param isTried whether a port may be opened, on this machine alone */
export async function gatherBroker(
  env: Env,
  { isTried }: { readonly isTried: boolean },
): Promise<BrokerFacts> {
  const found = findProxy(`http://${LOOPBACK}/`, {
    explicit: undefined,
    variable: (name) => env[name],
  });
  return {
    proxy: usedProxy(found) === undefined ? undefined : found?.variable,
    loopback: isTried ? { failure: await failureOfLoopback() } : undefined,
  };
}

async function failureOfLoopback(): Promise<string | undefined> {
  const socket = { data: () => undefined };
  try {
    const server = Bun.listen({ hostname: LOOPBACK, port: 0, socket });
    try {
      (await Bun.connect({ hostname: LOOPBACK, port: server.port, socket })).terminate();
      return undefined;
    } finally {
      server.stop(true);
    }
  } catch (error) {
    return describeSystemError(error);
  }
}
