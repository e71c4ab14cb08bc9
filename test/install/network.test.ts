import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../support/needs.ts";
import {
  ARCHIVE,
  brokenMirror,
  hasty,
  installFrom,
  mirror,
  pathWith,
  program,
  release,
} from "./release.ts";
import {
  DOWNLOADERS,
  directory,
  files,
  hostTarget,
  INSTALLER,
  SHELLS,
  testWith,
  writeScript,
} from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const OLD = program("0.0.1");

function homeWithOld(): string {
  const home = directory("home");
  mkdirSync(join(home, ".local/bin"), { recursive: true });
  writeFileSync(join(home, ".local/bin/qwen"), OLD, { mode: 0o755 });
  return home;
}

/** What a home holds when the old binary is all that is there. */
function expectOld(home: string): void {
  expect(files(home).filter((name) => name.startsWith(".local"))).toEqual([
    ".local",
    ".local/bin",
    ".local/bin/qwen",
  ]);
  expect(readFileSync(join(home, ".local/bin/qwen"), "utf8")).toBe(OLD);
}

/** A port on which nobody listens. */
function closedPort(): number {
  using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  return server.port ?? 0;
}

describe.each(DOWNLOADERS)("with %s", (downloader) => {
  const test = testWith(downloader);
  const path = hasty(downloader);
  const exit = `${downloader.split(" ").at(-1)} exit \\d+`;

  /** Installs over an old binary, which stays. */
  async function fail(url: string, args: readonly string[] = ["--version", "9.9.9"]) {
    const home = homeWithOld();
    const { code, stderr } = await installFrom(url, { path, args, env: { HOME: home } });
    expectOld(home);
    expect(stderr).toEndWith("\n  nothing was installed\n");
    return { code, error: /^qwen-install: error: (.*)$/m.exec(stderr)?.[1] };
  }

  test("a version or a target that is not there: 10", async () => {
    const { url } = mirror();
    expect(await fail(url, ["--version", "1.2.3"])).toEqual({
      code: 10,
      error: `1.2.3 has no build for ${hostTarget} (HTTP 404 at ${url}/download/v1.2.3/${ARCHIVE})`,
    });
    const name = "qwen-linux-arm64-musl.tar.gz";
    expect(await fail(url, ["--version", "9.9.9", "--target", "linux-arm64-musl"])).toEqual({
      code: 10,
      error: `9.9.9 has no build for linux-arm64-musl (HTTP 404 at ${url}/download/v9.9.9/${name})`,
    });
  });

  test.each([500, 403])("an answer with HTTP %d: 9", async (status) => {
    const { url } = mirror(release(), () => new Response("no", { status }));
    expect(await fail(url)).toEqual({
      code: 9,
      error: `HTTP ${status} at ${url}/download/v9.9.9/${ARCHIVE}`,
    });
  });

  test("a server that is not there, whose password is not shown: 9", async () => {
    const host = `127.0.0.1:${closedPort()}`;
    const { code, error } = await fail(`http://me:hunter2@${host}`);
    expect(code).toBe(9);
    expect(error).toMatch(
      new RegExp(
        `^cannot reach ${host} \\(${exit}\\): check https_proxy/no_proxy or use --archive$`,
      ),
    );
  });

  test("a download that is cut short: 9", async () => {
    const { url } = await brokenMirror("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nshort");
    const { code, error } = await fail(url);
    expect(code).toBe(9);
    expect(error).toMatch(new RegExp(`^download was cut short \\(${exit}\\)$`));
  });

  test("a download for which the disk is too small: 8", async () => {
    const { url } = await brokenMirror("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nshort");
    // There was room enough before it began.
    const df = `free=999999; [ ! -e "$HOME/asked" ] || free=9; : >"$HOME/asked"
      echo; echo "tmpfs 9 9 $free 99% /"`;
    const path = pathWith(downloader, ["sha256sum"], { df });
    const { code, stderr } = await installFrom(url, { path, args: ["--version", "9.9.9"] });
    expect({ code, stderr }).toEqual({ code: 8, stderr: expect.stringContaining("9 KiB left") });
  });

  const endless = downloader.includes(" ") ? "BusyBox wget has no limit to set" : undefined;
  (endless === undefined ? test : testUnless(endless))("a download that stalls: 9", async () => {
    const { url } = mirror(release(), (_request, name) =>
      name === ARCHIVE
        ? new Response(new ReadableStream({ start: (stream) => stream.enqueue("slow") }))
        : undefined,
    );
    expect(await fail(url)).toMatchObject({ code: 9 });
  });

  test("a manifest that is a web page names no version: 9", async () => {
    const { url } = mirror(release({ "manifest.json": "<!doctype html><p>Log in</p>" }));
    expect(await fail(url, [])).toEqual({
      code: 9,
      error: `manifest.json at ${new URL(url).host} names no version`,
    });
  });
});

const interruptions = [
  ...SHELLS.map((shell) => [shell, "curl"] as const),
  ["dash", "wget"] as const,
  ["dash", "busybox wget"] as const,
];

describe.each(interruptions)("in %s, which waits for %s", (shell, downloader) => {
  testWith(shell, downloader).each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("%s leaves nothing behind", async (signal, expected) => {
    const started = Promise.withResolvers<void>();
    const { url } = mirror(release(), (_request, name) => {
      if (name !== ARCHIVE) return undefined;
      started.resolve();
      return new Response(new ReadableStream({ start: (stream) => stream.enqueue("slow") }));
    });
    const home = homeWithOld();
    const [program = "", ...options] = shell.split(" ");
    const argv = [Bun.which(program) ?? program, ...options, INSTALLER, "--base-url", url];
    const env = { PATH: pathWith(downloader), HOME: home };
    const child = Bun.spawn(argv, { env, stderr: "ignore" });
    await started.promise;
    child.kill(signal);
    expect(await child.exited).toBe(expected);
    expectOld(home);
  });
});

test.each([
  ["v9.9.9\n", 0],
  ["9.9.9\r\n\r\n", 0],
  ["../../x", 9],
  ["9.9.9\n9.9.8\n", 9],
  ["9.9.9; touch x", 9],
  ["latest", 9],
  ["", 9],
  ["\uFEFF9.9.9", 9],
])("a mirror without a manifest whose LATEST is %j: %d", async (LATEST, code) => {
  const { url } = mirror(release({ "manifest.json": undefined, LATEST }));
  const ran = await installFrom(url);
  expect(ran.code).toBe(code);
  expect(ran.stderr.split("\n").filter((line) => !/^(qwen-install: | {2}|$)/.test(line))).toEqual(
    [],
  );
});

test("no download tool: 4", async () => {
  const snap = join(directory("snap"), "bin");
  mkdirSync(snap);
  writeScript(join(snap, "curl"), "exit 99");
  const path = `${snap}:${pathWith(undefined)}`;
  expect(await installFrom("http://127.0.0.1", { path })).toMatchObject({
    code: 4,
    stderr: `qwen-install: error: no download tool: need curl or wget
  fix: install one
`,
  });
});

testWith("wget")(
  "the curl of a snap is passed over, because it cannot write everywhere",
  async () => {
    const snap = join(directory("snap"), "bin");
    mkdirSync(snap);
    writeScript(join(snap, "curl"), "exit 99");
    const path = `${snap}:${pathWith("wget")}`;
    expect(await installFrom(mirror().url, { path })).toMatchObject({ code: 0 });
  },
);

test.each([
  ["http://example.org/releases", "plain http is refused: http://example.org/releases"],
  ["http://127.0.0.1.example.org", "plain http is refused: http://127.0.0.1.example.org"],
  ["http://me@localhost@example.org", "plain http is refused: http://example.org"],
  ["ftp://127.0.0.1/", "not an http or https URL: ftp://127.0.0.1/"],
  ["file:///etc", "not an http or https URL: file:///etc"],
  ["https://127.0.0.1/?a=b", "not the URL of a mirror: https://127.0.0.1/"],
  ["-https://127.0.0.1/", "not an http or https URL: -https://127.0.0.1/"],
])("%s is no mirror: 2", async (url, complaint) => {
  const env = { QWEN_INSTALL_BASE_URL: url };
  const { code, stderr } = await installFrom(undefined, { env });
  expect({ code, first: stderr.split("\n")[0] }).toEqual({
    code: 2,
    first: `qwen-install: error: ${complaint}`,
  });
});

test("--allow-http is for mirrors without TLS", async () => {
  const url = mirror().url.replace("127.0.0.1", "127.0.0.1.");
  const args = ["--allow-http", "--dry-run"];
  expect(await installFrom(url, { args })).toMatchObject({ code: 0 });
});
