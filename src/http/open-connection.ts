/** Bytes to and from another machine. */
export type Connection = {
  /**
   * The next bytes; `undefined` once the other end has closed in good order. How a connection ends
   * is told only after everything that came on it.
   * Rejects with what broke it.
   */
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly write: (bytes: Uint8Array) => void;
  /** Ends it at once; the next `read` rejects with `reason`. */
  readonly close: (reason: unknown) => void;
};

/** Whom a connection trusts and as whom it shows itself; certificates are always checked. */
export type Tls = {
  /** PEM; `undefined`: those that Bun knows. */
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

export type Place = { readonly hostname: string; readonly port: number };

/** A connection that TLS can be put on top of, as after a CONNECT. */
export type PlainConnection = Connection & {
  readonly upgrade: (tls: Tls & { readonly serverName: string }) => Promise<Connection>;
};

/**
 * Connects without TLS.
 * @param signal ends whatever is open of it, at any time
 * Rejects with the system's error.
 */
export async function openPlain(place: Place, signal: AbortSignal): Promise<PlainConnection> {
  const inbox = createInbox();
  const { data, ...handlers } = handlersOf(inbox);
  let isUpgraded = false;
  const socket = await Bun.connect({
    ...place,
    socket: {
      ...handlers,
      data: (socket, bytes) => {
        // What is encrypted comes here as well.
        if (!isUpgraded) {
          data(socket, bytes);
        }
      },
    },
  });
  const connection = connectionOver(socket, inbox);
  closeWith(signal, connection);
  return {
    ...connection,
    upgrade: (tls) => {
      isUpgraded = true;
      return secured(signal, async (handlers) => {
        const [, upgraded] = socket.upgradeTLS({ tls: bunTls(tls), socket: handlers });
        return upgraded;
      });
    },
  };
}

/**
 * Connects with TLS.
 * @param signal ends whatever is open of it, at any time
 * Rejects with the system's error, or with what is wrong with the certificate, which is checked
 * against the host name before a byte is sent.
 */
export function openSecure(place: Place, tls: Tls, signal: AbortSignal): Promise<Connection> {
  return secured(signal, (socket) => Bun.connect({ ...place, tls: bunTls(tls), socket }));
}

/** Without it a server that never finishes a handshake would keep the socket. */
export function closeWith(signal: AbortSignal, { close }: Pick<Connection, "close">): void {
  if (signal.aborted) {
    close(signal.reason);
  } else {
    signal.addEventListener("abort", () => close(signal.reason), { once: true });
  }
}

/** As the handshake has it, behind its length: without that, Bun says nothing of it. */
const HTTP_1 = "\u0008http/1.1";

/** A server that could also speak HTTP/2 is told not to. */
function bunTls({
  ca,
  cert,
  key,
  ...rest
}: Tls & { readonly serverName?: string }): Bun.TLSOptions {
  return {
    ...rest,
    rejectUnauthorized: true,
    ALPNProtocols: HTTP_1,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Bytes that wait for whoever reads; with more, the other end is not listened to. */
const MOST_WAITING = 256 * 1024;

export type Inbox = {
  /** Called with what came, and whether reading is to be held up. */
  readonly push: (bytes: Uint8Array) => "more" | "enough";
  /** The first end counts. */
  readonly end: (error?: unknown) => void;
  readonly read: (onRoom: () => void) => Promise<Uint8Array | undefined>;
  /** What stands for writing, in its order. */
  readonly outgoing: Uint8Array[];
  /** The other end is not listened to. */
  isHeld: boolean;
};

export function createInbox(): Inbox {
  const waiting: Uint8Array[] = [];
  let size = 0;
  let ended: { readonly error?: unknown } | undefined;
  let reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  const answer = (): void => {
    if (reader === undefined || (waiting.length === 0 && ended === undefined)) {
      return;
    }
    const { resolve, reject } = reader;
    reader = undefined;
    const next = waiting.shift();
    size -= next?.length ?? 0;
    if (next === undefined && ended?.error !== undefined) {
      reject(ended.error);
    } else {
      resolve(next);
    }
  };
  return {
    outgoing: [],
    isHeld: false,
    push: (bytes) => {
      waiting.push(bytes);
      size += bytes.length;
      answer();
      return size > MOST_WAITING ? "enough" : "more";
    },
    end: (error) => {
      ended ??= error === undefined ? {} : { error };
      answer();
    },
    read: (onRoom) => {
      reader = Promise.withResolvers();
      const { promise } = reader;
      answer();
      if (size <= MOST_WAITING) {
        onRoom();
      }
      return promise;
    },
  };
}

type Handlers = Bun.SocketHandler<undefined>;

function handlersOf(inbox: Inbox) {
  return {
    data: (socket, bytes) => {
      if (inbox.push(bytes) === "enough") {
        inbox.isHeld = true;
        socket.pause();
      }
    },
    drain: (socket) => flush(socket, inbox),
    end: () => inbox.end(),
    close: (_socket, error) => inbox.end(error),
    error: (_socket, error) => inbox.end(error),
  } satisfies Handlers;
}

const NO_HANDSHAKE = "the connection was closed during the TLS handshake";

/** What `start` connects with these handlers, once the certificate is found good. */
function secured(
  signal: AbortSignal,
  start: (handlers: Handlers) => Promise<Bun.Socket<undefined>>,
): Promise<Connection> {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const inbox = createInbox();
  const handlers = handlersOf(inbox);
  const end = (error: unknown): void => {
    inbox.end(error);
    reject(error ?? systemError("ECONNRESET", NO_HANDSHAKE));
  };
  const started = start({
    ...handlers,
    handshake: (socket, isTrusted, error) => {
      if (isTrusted) {
        resolve(connectionOver(socket, inbox));
      } else {
        reject(error ?? systemError("EPROTO", "the TLS handshake failed"));
        socket.terminate();
      }
    },
    end: () => end(undefined),
    close: (_socket, error) => end(error),
    error: (_socket, error) => end(error),
  });
  started.then((socket) => closeWith(signal, connectionOver(socket, inbox)), reject);
  return promise;
}

function connectionOver(socket: Bun.Socket<undefined>, inbox: Inbox): Connection {
  return {
    read: () =>
      inbox.read(() => {
        // Each call goes to the system.
        if (inbox.isHeld) {
          inbox.isHeld = false;
          socket.resume();
        }
      }),
    write: (bytes) => {
      inbox.outgoing.push(bytes);
      flush(socket, inbox);
    },
    close: (reason) => {
      inbox.end(reason);
      socket.terminate();
    },
  };
}

/** Writes as much as the system takes; `drain` comes for the rest. */
function flush(socket: Bun.Socket<undefined>, { outgoing }: Inbox): void {
  for (let next = outgoing[0]; next !== undefined; next = outgoing[0]) {
    const written = Math.max(0, socket.write(next));
    if (written < next.length) {
      outgoing[0] = next.subarray(written);
      return;
    }
    outgoing.shift();
  }
}

/** An error as the system would throw it. */
export function systemError(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}
