import { afterAll } from "bun:test";
import { createHash } from "node:crypto";
import { symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  directory,
  hostTarget,
  install,
  REPOSITORY,
  type Run,
  searchPath,
} from "./run-installer.ts";

/** The archive for this machine, as every release has it. */
export const ARCHIVE = `qwen-${hostTarget}.tar.gz`;

const OTHER_ARCHIVES = ["linux-x64", "linux-arm64", "linux-x64-musl", "darwin-x64", "darwin-arm64"]
  .map((target) => `qwen-${target}.tar.gz`)
  .filter((name) => name !== ARCHIVE);

export type Entry = {
  readonly name: string;
  readonly content?: string;
  readonly mode?: number;
  /** `1` is a hard link, `2` a symbolic one, `5` a directory; a file without it. */
  readonly type?: string;
  readonly link?: string;
};

/** A gzipped ustar archive: also such as tar would not write. */
export function pack(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap(({ name, content = "", mode = 0o644, type = "0", link = "" }) => {
    const header = Buffer.alloc(512);
    const octal = (value: number, length: number) => value.toString(8).padStart(length, "0");
    header.write(name, 0);
    header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
    header.write(`${octal(content.length, 11)}\0${octal(0, 11)}\0        ${type}${link}`, 124);
    header.write("ustar\u000000", 257);
    header.write(
      `${octal(
        header.reduce((sum, byte) => sum + byte),
        6,
      )}\0 `,
      148,
    );
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return Bun.gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A program that answers with a version. */
export const program = (version: string) => `#!/bin/sh\necho ${version}\n`;

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

type Files = Record<string, string | Uint8Array<ArrayBuffer>>;

/** The files of a release, with what `changes` puts in their place; `undefined` takes one away. */
export function release(
  changes: Record<string, Files[string] | undefined> = {},
  version = "9.9.9",
) {
  const qwen = program(version);
  const documents = [{ name: "LICENSE" }, { name: "README.md", content: "# qwen\n" }];
  const archive = changes[ARCHIVE] ?? pack([...documents, { name: "qwen", content: qwen }]);
  const digest = sha256(archive);
  const lines = [ARCHIVE, ...OTHER_ARCHIVES].map((name) => `${digest}  ${name}\n`);
  const target = { archive: ARCHIVE, sha256: digest, binary_sha256: sha256(qwen) };
  const files: Files = {
    SHA256SUMS: lines.join(""),
    "manifest.json": JSON.stringify(
      { schema: 1, name: "qwen", version, bun: "1.4.5", targets: { [hostTarget]: target } },
      null,
      2,
    ),
  };
  for (const name of [ARCHIVE, ...OTHER_ARCHIVES]) files[name] = archive;
  for (const [name, content] of Object.entries(changes)) {
    if (content === undefined) delete files[name];
    else files[name] = content;
  }
  return files;
}

export type Mirror = { readonly url: string; readonly seen: string[] };
type Answer = (request: Request, name: string) => Response | Promise<Response> | undefined;

/** Serves a release in GitHub's layout, and flat; `answer` can go before the files. */
export function mirror(files: Files = release(), answer?: Answer, version = "9.9.9"): Mirror {
  const seen: string[] = [];
  const folders = [`/download/v${version}/`, "/latest/download/", "/flat/"];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      seen.push(pathname);
      const folder = folders.find((candidate) => pathname.startsWith(candidate)) ?? "/";
      const name = pathname.slice(folder.length);
      const content = files[name];
      const found = answer?.(request, name);
      if (found !== undefined) return found;
      return content === undefined
        ? new Response("no such file\n", { status: 404 })
        : new Response(content);
    },
  });
  afterAll(() => server.stop(true));
  return { url: server.url.origin, seen };
}

/** A mirror that sends these bytes for the archive and hangs up; the rest comes from another. */
export async function brokenMirror(bytes: string | Uint8Array): Promise<Mirror> {
  const { url, seen } = mirror();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      const path = /^GET (\S+)/.exec(data.toString())?.[1] ?? "/";
      if (path.endsWith(ARCHIVE)) socket.end(bytes);
      else socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}${path}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, seen };
}

/** A PATH with one download tool, `sha256sum`, and what else is asked for. */
export function pathWith(
  downloader: string | undefined,
  tools: readonly string[] = ["sha256sum"],
  shims: Readonly<Record<string, string>> = {},
): string {
  const path = searchPath(
    [...tools, ...(downloader?.includes(" ") ? [] : [downloader ?? ""])],
    shims,
  );
  const [box, applet] = downloader?.split(" ") ?? [];
  if (applet !== undefined) symlinkSync(Bun.which(box ?? "") ?? "", join(path, applet));
  return path;
}

/** A PATH whose download tool does not wait for long: later options win. */
export function hasty(downloader: string): string {
  const [tool = "", applet = ""] = downloader.split(" ");
  const real = Bun.which(tool);
  const option = tool === "curl" ? "--retry 0 --speed-time 1" : "--tries=1 --timeout=1";
  const shim = applet === "" ? `exec ${real} "$@" ${option}` : `exec ${real} ${applet} "$@"`;
  return pathWith(undefined, ["sha256sum"], { [applet || tool]: shim });
}

/** Runs install.sh as it is in the repository, with curl unless `path` says otherwise. */
export function installFrom(url: string | undefined, run: Run = {}) {
  const from = url === undefined ? [] : ["--base-url", url];
  return install({
    ...run,
    checkout: REPOSITORY,
    cwd: run.cwd ?? directory("cwd"),
    path: run.path ?? pathWith("curl"),
    args: [...from, ...(run.args ?? [])],
  });
}
