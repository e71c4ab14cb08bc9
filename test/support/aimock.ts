import { afterAll } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "./temporary-directory.ts";

/** What to answer to a prompt that contains `userMessage`; see the docs of @copilotkit/aimock. */
export type Fixture = {
  readonly match: { readonly userMessage: string };
  readonly response: object;
  /** Faults and how probable they are: `{ dropRate: 1 }`. */
  readonly chaos?: Readonly<Record<string, number>>;
};

/** A request as the peer understood it, whatever its protocol was. */
export type SeenRequest = {
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
};

export type Aimock = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The requests whose last message contains `text`, in their order. */
  readonly requests: (text: string) => Promise<readonly SeenRequest[]>;
};

/** It stands beside the library, which is all that the package exports. */
const CLI = fileURLToPath(new URL("cli.js", import.meta.resolve("@copilotkit/aimock")));

/**
 * Starts aimock, a server that speaks the protocols of all providers, on a free port and stops it
 * after the tests. Only `key` is accepted.
 */
export async function startAimock(key: string, fixtures: readonly Fixture[]): Promise<Aimock> {
  const file = join(temporaryDirectory(), "fixtures.json");
  writeFileSync(file, JSON.stringify({ fixtures }));
  const server = Bun.spawn([process.execPath, "--no-env-file", CLI, "-p", "0", "-f", file], {
    env: { AIMOCK_API_KEYS: key },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  afterAll(() => server.kill());
  const url = await addressIn(server.stdout);
  const requests = async (text: string): Promise<readonly SeenRequest[]> => {
    const journal = await fetch(`${url}/__aimock/journal`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const seen = (await journal.json()) as readonly SeenRequest[];
    return seen.filter(({ body }) => body.messages.at(-1)?.content.includes(text));
  };
  return { url, requests };
}

/** Reads on after that: a full pipe would stop the server. */
function addressIn(output: ReadableStream<Uint8Array>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of output) {
      text += decoder.decode(bytes, { stream: true });
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
      if (address !== undefined) {
        resolve(address);
      }
    }
    reject(new Error(`aimock did not start: ${text}`));
  };
  read().catch(reject);
  return promise;
}
