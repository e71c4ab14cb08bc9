import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../support/needs.ts";
import { selfSigned } from "../support/tls-server.ts";
import {
  ARCHIVE,
  brokenMirror,
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

/** A PATH whose download tool does not wait for long: later options win. */
function hasty(downloader: string): string {
  const [tool = "", applet = ""] = downloader.split(" ");
  const real = Bun.which(tool);
  const option = tool === "curl" ? "--retry 0 --speed-time 1" : "--tries=1 --timeout=1";
  const shim = applet === "" ? `exec ${real} "$@" ${option}` : `exec ${real} ${applet} "$@"`;
  return pathWith(undefined, ["sha256sum"], { [applet || tool]: shim });
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

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("%s in the middle leaves nothing behind", async (signal, expected) => {
    const started = Promise.withResolvers<void>();
    const { url } = mirror(release(), (_request, name) => {
      if (name !== ARCHIVE) return undefined;
      started.resolve();
      return new Response(new ReadableStream({ start: (stream) => stream.enqueue("slow") }));
    });
    const home = homeWithOld();
    const child = Bun.spawn(["/bin/sh", INSTALLER, "--base-url", url], {
      env: { PATH: pathWith(downloader), HOME: home },
      stderr: "ignore",
    });
    await started.promise;
    child.kill(signal);
    expect(await child.exited).toBe(expected);
    expectOld(home);
  });
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

describe("TLS", async () => {
  const authority = await selfSigned(["localhost"]);
  const plain = mirror();
  const { key, cert } = authority;
  const files = release();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key, cert },
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/down/"))
        return Response.redirect(`${plain.url}${pathname.slice(5)}`);
      return new Response(files[pathname.split("/").at(-1) ?? ""] ?? "");
    },
  });
  afterAll(() => server.stop(true));
  const url = `https://localhost:${server.port}`;

  /** A home whose tool trusts the authority: such files are honoured. */
  function trusting(): string {
    const home = directory("home");
    writeFileSync(join(home, ".curlrc"), `cacert = "${authority.file}"\n`);
    writeFileSync(join(home, ".wgetrc"), `ca_certificate = ${authority.file}\n`);
    return home;
  }

  describe.each(["curl", "wget"])("of %s", (tool) =>
    testWith(tool)("checks certificates", async () => {
      const run = { path: hasty(tool), args: ["--version", "9.9.9"] };
      const known = await installFrom(url, { ...run, env: { HOME: trusting() } });
      expect(known).toMatchObject({ code: 0 });
      expect(await installFrom(url, run)).toMatchObject({ code: 9 });
    }),
  );

  describe.each(["curl", "wget"])("of %s", (tool) =>
    testWith(tool)("does not go from https to http", async () => {
      const run = { path: hasty(tool), args: ["--version", "9.9.9"], env: { HOME: trusting() } };
      const { code, stderr } = await installFrom(`${url}/down`, run);
      expect({ code, files: stderr.includes("nothing was installed") }).toEqual({
        code: 9,
        files: true,
      });
    }),
  );
});

describe("a token", () => {
  const env = { QWEN_INSTALL_TOKEN: "s3cr3t-token" };

  test("goes to the mirror in a header, and neither to arguments nor to another host", async () => {
    const log = join(directory("log"), "argv");
    const other = mirror(release(), (request) => {
      headers.push(request.headers.get("authorization"));
      return undefined;
    });
    const headers: (string | null)[] = [];
    const { url } = mirror(release(), (request, name) => {
      headers.push(request.headers.get("authorization"));
      const elsewhere = other.url.replace("127.0.0.1", "localhost");
      return name === ARCHIVE ? Response.redirect(`${elsewhere}/flat/${ARCHIVE}`) : undefined;
    });
    const curl = `printf '%s\\n' "$@" >>'${log}'; exec ${Bun.which("curl")} "$@"`;
    const path = pathWith(undefined, ["sha256sum"], { curl });
    const args = ["--version", "9.9.9", "--verbose"];
    const { code, stdout, stderr, home } = await installFrom(url, { path, args, env });
    const bearer = "Bearer s3cr3t-token";
    expect({ code, headers }).toEqual({ code: 0, headers: [bearer, null, bearer] });
    expect(`${readFileSync(log, "utf8")}${stdout}${stderr}`).not.toContain("s3cr3t");
    expect(files(home)).toEqual([".local", ".local/bin", ".local/bin/qwen"]);
  });

  testWith("wget")("needs curl: wget would show it in its arguments: 4", async () => {
    expect(await installFrom(mirror().url, { env, path: pathWith("wget") })).toMatchObject({
      code: 4,
      stderr: "qwen-install: error: QWEN_INSTALL_TOKEN is safe with curl only\n",
    });
  });

  test("cannot carry an option for curl: 2", async () => {
    const bad = { QWEN_INSTALL_TOKEN: 'x"\noutput = "/tmp/evil' };
    expect(await installFrom(mirror().url, { env: bad })).toMatchObject({
      code: 2,
      stderr: "qwen-install: error: QWEN_INSTALL_TOKEN is not a bearer token\n",
    });
  });
});
