import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selfSigned } from "../support/tls-server.ts";
import { ARCHIVE, hasty, installFrom, mirror, pathWith, release } from "./release.ts";
import { directory, files, testWith } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

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

test.each([
  ["curl", ["--tlsv1.2", "--proto =https ", "--proto-redir =https ", "--connect-timeout 15"]],
  ["wget", ["--secure-protocol=TLSv1_2", "--https-only", "--tries=3", "--timeout=30"]],
])("%s has to do with TLS 1.2 or later, and within limits", async (tool, options) => {
  const log = join(directory("log"), "argv");
  const words = options.map((option) => option.replace(/[= ].*/, "")).join(" ");
  const shim = `case $1 in --version) echo GNU ;; --help) echo ${words} ;; *) echo "$* " >>'${log}'; exit 1 ;; esac`;
  const path = pathWith(undefined, ["sha256sum"], { [tool]: shim });
  expect(await installFrom("https://mirror.invalid", { path })).toMatchObject({ code: 9 });
  for (const option of options) expect(readFileSync(log, "utf8")).toContain(option);
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

  test("does not go to a server that only has the sums", async () => {
    const headers: (string | null)[] = [];
    const sums = mirror(release(), (request) => {
      headers.push(request.headers.get("authorization"));
      return undefined;
    });
    const args = ["--sums", `${sums.url}/flat/SHA256SUMS`];
    expect(await installFrom(mirror().url, { args, env })).toMatchObject({ code: 0 });
    expect(headers).toEqual([null]);
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
