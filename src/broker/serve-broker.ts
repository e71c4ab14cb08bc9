import { answerRequest, type Broker } from "./answer-request.ts";
import { LARGEST_UPLOAD } from "./read-upload.ts";
import { refusal, refusalResponse } from "./refusal.ts";

/** Where a broker listens. */
export type Listener =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export type RunningBroker = {
  /** As it was chosen, where the system was to choose one; 0 on a socket. */
  readonly port: number;
  /** Takes no more requests, and gives those in flight so many milliseconds. */
  readonly stop: (patienceMs: number) => Promise<void>;
};

type Options = {
  readonly listener: Listener;
  /** Made once the port is known, which `Host` must name. */
  readonly open: (port: number, enter: Broker["enter"]) => Broker;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

/** Milliseconds between two looks at whether all requests have ended. */
const LOOK_MS = 20;

/** Without a type: that of sockets does not know it, though without it they are closed as well. */
const NEVER_IDLE: object = { idleTimeout: 0 };

/**
 * Listens, with the settings that Bun needs for it (`spec/broker.md` §8): by default it closes whoever
 * waits for 10 s, shares its port with others, and shows its own page for a failure.
 * Throws the error of the system when it cannot listen.
 */
export function serveBroker({ listener, open, sleep }: Options): RunningBroker {
  let broker: Broker | undefined;
  let inFlight = 0;
  let isStopped = false;
  const enter = (): (() => void) => {
    inFlight += 1;
    return () => {
      inFlight -= 1;
    };
  };
  const common = {
    maxRequestBodySize: LARGEST_UPLOAD,
    development: false,
    fetch: (request: Request) =>
      broker === undefined || isStopped ? closing() : answerRequest(broker, request),
    error: () => closing(),
  } as const;
  const server =
    listener.kind === "unix"
      ? Bun.serve({ ...common, ...NEVER_IDLE, unix: listener.path })
      : Bun.serve({
          ...common,
          hostname: listener.hostname,
          port: listener.port,
          ...NEVER_IDLE,
          reusePort: false,
        });
  const port = server.port ?? 0;
  broker = open(port, enter);
  return {
    port,
    stop: async (patienceMs) => {
      isStopped = true;
      for (let waited = 0; inFlight > 0 && waited < patienceMs; waited += LOOK_MS) {
        await sleep(LOOK_MS);
      }
      await server.stop(true);
    },
  };
}

function closing(): Response {
  const message = "the broker could not answer";
  return refusalResponse(refusal(502, "upstream", message), undefined);
}
