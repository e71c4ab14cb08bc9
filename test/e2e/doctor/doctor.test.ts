import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../../package.json";
import type { Check } from "../../../src/doctor/check.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";
import { answer, deadOrigin, scriptedServer } from "../../support/scripted-server.ts";
import { snapshot } from "../../support/snapshot.ts";
import { selfSigned, serveLoopback } from "../../support/tls-server.ts";
import { cannotTrace, traceCalls } from "../../support/trace-calls.ts";

setDefaultTimeout(30_000);

const KEY = "sk-c4n4ry0123456789abcdefCANARY";

/** A machine on which everything is as it should be. */
function healthy(baseUrl = "https://api.example.com/v1"): Machine {
  const at = machine();
  at.write(".qwen/settings.json", {
    $version: 4,
    env: { MY_API_KEY: KEY },
    modelProviders: { openai: [{ id: "glm-5", baseUrl, envKey: "MY_API_KEY" }] },
    model: { name: "glm-5" },
    security: { auth: { selectedType: "openai" } },
  });
  return at;
}

async function doctor(at: Machine, args: readonly string[] = [], options: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await qwen(at, ["doctor", "--json", ...args], options);
  const report = JSON.parse(stdout) as { schemaVersion: 1; ok: boolean; checks: Check[] };
  expect(report.ok).toBe(exitCode === 0);
  const byId = Object.fromEntries(report.checks.map((check) => [check.id, check]));
  return { exitCode, stderr, report, byId };
}

describe("qwen doctor", () => {
  test("shows what it found, without the path of the home", async () => {
    const ran = await qwen(healthy(), ["doctor"], { env: { TERM: "xterm" } });
    const stdout = ran.stdout
      .replace(/year, \d+,/, "year, NOW,")
      .replace(/commit \S+/, "commit HASH")
      .replace(
        `(${process.platform}-${process.arch}-musl,`,
        `(${process.platform}-${process.arch},`,
      );
    const target = `${process.platform}-${process.arch}`;
    expect({ ...ran, stdout: stdout.split("\n") }).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: [
        `✓ version                   qwen ${version} (${target}, Bun ${Bun.version})`,
        "                            commit HASH",
        "✓ home                      `~/.qwen` is private (0700)",
        Bun.which("git") === null
          ? "– home.git                  git could not be asked"
          : "✓ home.git                  `~/.qwen` lies in no git work tree",
        "– settings.system-defaults  `~/system/system-defaults.json` does not exist",
        "✓ settings.user             `~/.qwen/settings.json` is read (0600, holds a key)",
        "– settings.project          `~/p/.qwen/settings.json` does not exist",
        "– settings.system           `~/system/settings.json` does not exist",
        "✓ dotenv                    no `.env` is read",
        "– dotenv.git                no `.env` holds a key",
        "✓ trust                     `~/p` is not trusted, and nothing here needs it",
        "✓ variables                 no `NAME_FILE` names a file that is unusable",
        "✓ connection.protocol       openai from ~/.qwen/settings.json (security.auth.selectedType)",
        "✓ connection.model          glm-5 from ~/.qwen/settings.json (model.name)",
        "✓ connection.endpoint       https://api.example.com/v1 from ~/.qwen/settings.json (modelProviders.openai[0].baseUrl)",
        "✓ connection.key            sk-…NARY from ~/.qwen/settings.json (env.MY_API_KEY)",
        "✓ connection                glm-5 at api.example.com can be asked",
        "✓ configuration             nothing to warn of",
        "✓ proxy                     none",
        "✓ certificates              those that are built in",
        "✓ broker                    tools reach `auth run` without a proxy",
        "✓ clock                     its year, NOW, can be right",
        "✓ terminal                  TERM is xterm, no colour, no questions",
        "                            terminals: none",
        "✓ leftovers                 no temporary files, no stale locks",
        "– network                   not tried; add `--network`",
        "",
        "All is well",
        "",
      ],
    });
  });

  test("names first what failed, and says the same in each run", async () => {
    const at = healthy();
    const settings = JSON.parse(readFileSync(at.settings, "utf8"));
    at.write(".qwen/settings.json", { ...settings, env: {} });
    const run = () => qwen(at, ["doctor", "--network"]);
    const first = await run();
    expect(first.stdout).toStartWith("✗ connection  ");
    expect(first.exitCode).toBe(1);
    expect(await run()).toEqual(first);
  });

  test("changes nothing", async () => {
    const at = healthy();
    at.write("p/.env", `OTHER_KEY=${KEY}\n`);
    at.write(".qwen/settings.json.lock", "{}");
    const before = snapshot(at.home);
    await qwen(at, ["doctor"]);
    await qwen(machine(), ["doctor"]);
    expect(snapshot(at.home)).toEqual(before);
  });

  test("runs no key helper", async () => {
    const at = healthy();
    const settings = JSON.parse(readFileSync(at.settings, "utf8"));
    const helper = at.write("helper", `#!/bin/sh\ntouch ${join(at.home, "marker")}\n`, 0o755);
    at.write(".qwen/settings.json", { ...settings, env: {}, apiKeyHelper: { MY_API_KEY: helper } });
    const before = snapshot(at.home);
    const { exitCode, byId } = await doctor(at);
    expect(exitCode).toBe(0);
    expect(byId["connection.key"]?.summary).toStartWith("not asked for, from key helper");
    expect(snapshot(at.home)).toEqual(before);
  });

  test("fails where nothing is configured", async () => {
    const { exitCode, report, byId } = await doctor(machine());
    expect({ exitCode, version: report.schemaVersion }).toEqual({ exitCode: 1, version: 1 });
    expect(byId.connection).toEqual({
      id: "connection",
      status: "failed",
      summary: "Cannot ask a model: nothing is configured",
      remedy: "run `qwen auth`",
    });
  });

  test("finds what is wrong with files", async () => {
    const at = healthy();
    at.write(".qwen/settings.json", readFileSync(at.settings, "utf8"), 0o644);
    at.write("p/.qwen/settings.json", "{}", 0o666);
    at.write("p/.env", "A=1\n", 0o666);
    at.write("p/.qwen/.env", "B=1\n");
    at.write(".qwen/.env", "C=1\n");
    at.write(".qwen/trustedFolders.json", { [at.home]: "TRUST_FOLDER" });
    at.write(".qwen/.settings.json.999999999--0123456789abcdef.tmp", "");
    const { exitCode, byId } = await doctor(at);
    expect(exitCode).toBe(0);
    const warnings = Object.values(byId).filter(({ status }) => status === "warning");
    expect(warnings.map(({ id, summary }) => `${id}: ${summary}`)).toEqual([
      "settings.user: others can read `~/.qwen/settings.json`, which holds a key (mode 0644)",
      "settings.project: `~/p/.qwen/settings.json` was not read: others can write to it (mode 0666)",
      "trust: the rule TRUST_FOLDER of `~` trusts your home directory, with all below it",
      "leftovers: 1 left by programs that were ended while they wrote",
    ]);
    expect(byId.dotenv).toMatchObject({
      status: "ok",
      summary: "`~/p/.qwen/.env` is read (the project's)",
      detail: ["`~/.qwen/.env` is not read: another came first"],
    });
  });

  test("tells why a `.env` was passed over", async () => {
    const at = healthy();
    at.write("p/.env", "A=1\n", 0o666);
    expect((await doctor(at)).byId.dotenv).toMatchObject({
      status: "warning",
      summary: "no `.env` is read",
      detail: ["`~/p/.env` was not read: others can write to it (mode 0666)"],
    });
  });

  test.each([
    ["settings.user", ".qwen/settings.json", "{", "line 1, column 2"],
    ["settings.project", "p/.qwen/settings.json", '{"model": 5}', "model: expected an object"],
    ["trust", ".qwen/trustedFolders.json", "[]", "expected an object"],
  ])(
    "names the %s file that cannot be used, and looks at all others",
    async (id, path, text, why) => {
      const at = healthy();
      const ids = Object.keys((await doctor(at)).byId);
      at.write(path, text);
      const { exitCode, byId, report } = await doctor(at);
      expect(Object.keys(byId)).toEqual(ids);
      expect(exitCode).toBe(1);
      expect(report.checks.filter(({ status }) => status === "failed").map((it) => it.id)).toEqual([
        id,
      ]);
      expect(byId[id]?.summary).toStartWith(`Cannot use \`~/${path}\`: ${why}`);
      const orElse =
        id === "settings.project" ? ", or add `--no-project`" : "; it was left as it is";
      expect(byId[id]?.remedy).toBe(`correct the file with an editor${orElse}`);
      expect(byId.connection?.status).toBe("skipped");
      expect(byId.dotenv?.status).toBe("ok");
    },
  );

  test("names a `.env` that cannot be read", async () => {
    const at = healthy();
    at.write("p/.env", "x".repeat(8 * 1024 * 1024 + 1));
    const { exitCode, byId } = await doctor(at);
    expect(exitCode).toBe(1);
    expect(byId.dotenv).toMatchObject({
      status: "failed",
      summary: "Cannot read `~/p/.env`: it is larger than 8 MiB",
    });
  });

  test("names a file with a key that cannot be read", async () => {
    const env = { OPENAI_API_KEY_FILE: "/nowhere", OPENAI_MODEL: "m" };
    expect((await doctor(machine(), [], { env })).byId.variables).toEqual({
      id: "variables",
      status: "warning",
      summary:
        "Cannot read `/nowhere`, which `OPENAI_API_KEY_FILE` names: " +
        "no such file or directory (ENOENT)",
      remedy: "correct or unset `OPENAI_API_KEY_FILE`",
    });
  });

  test("names a key that is withheld, and the trust that it needs", async () => {
    const at = machine();
    at.write("p/.env", "OPENAI_BASE_URL=https://elsewhere.example/v1\nOPENAI_MODEL=m\n");
    const options = { env: { OPENAI_API_KEY: KEY } };
    const { exitCode, byId } = await doctor(at, [], options);
    expect(exitCode).toBe(1);
    expect(byId.trust).toEqual({
      id: "trust",
      status: "warning",
      summary: "`~/p` is not trusted, so that its files cannot use your key",
      remedy: "run `qwen trust ~/p` if you trust it",
    });
    expect(byId.connection).toMatchObject({ status: "failed" });
    const trusted = await doctor(at, ["--trust"], options);
    expect(trusted.exitCode).toBe(0);
    expect(trusted.byId.trust?.summary).toBe("`~/p` is trusted, by `--trust`");
  });

  testUnless(missingPrograms("git"))("warns of a `.env` with a key that git tracks", async () => {
    const at = healthy();
    const git = (...args: string[]) =>
      Bun.spawnSync(["git", "-C", at.project, ...args], { env: at.env, stderr: "pipe" });
    git("init", "-q");
    at.write("p/.env", `OPENAI_API_KEY=${KEY}\n`);
    expect((await doctor(at)).byId["dotenv.git"]?.status).toBe("ok");
    git("add", ".env");
    expect((await doctor(at)).byId["dotenv.git"]).toEqual({
      id: "dotenv.git",
      status: "warning",
      summary: "git tracks `~/p/.env`, which holds a key",
      remedy: "run `git rm --cached ~/p/.env`, add it to .gitignore, and renew the key",
    });
    at.write("p/.qwen/settings.json", { env: { OPENAI_API_KEY: KEY } });
    git("add", ".qwen/settings.json");
    expect((await doctor(at)).byId["settings.project"]?.summary).toContain("git tracks");
    // Asking runs nothing of the repository's.
    const marker = join(at.home, "marker");
    const hook = at.write("p/hook.sh", `#!/bin/sh\ntouch ${marker}\n`, 0o755);
    git("config", "core.fsmonitor", hook);
    git("config", "alias.ls-files", `!touch ${marker}`);
    const before = snapshot(at.home);
    await doctor(at, [], { env: { GIT_DIR: "/nonexistent" } });
    expect(snapshot(at.home)).toEqual(before);
  });

  test("tells proxy and certificates, and no password", async () => {
    const at = healthy();
    const ca = (await selfSigned(["localhost"])).file;
    const env = {
      https_proxy: "http://ann:pa55w0rd%21long@proxy.example:3128",
      NO_PROXY: "localhost",
      SSL_CERT_FILE: ca,
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    };
    const { byId, report, stderr } = await doctor(at, [], { env });
    expect(byId.proxy).toEqual({
      id: "proxy",
      status: "ok",
      summary: "http://proxy.example:3128 from `https_proxy`, with credentials",
      detail: ["NO_PROXY is localhost"],
    });
    expect(byId.certificates).toMatchObject({
      status: "warning",
      detail: [`\`${ca}\` from \`SSL_CERT_FILE\``],
    });
    expect(JSON.stringify(report) + stderr).not.toMatch(/pa55w0rd|ann/);
    const broken = await doctor(at, ["--ca-cert", at.write("empty.pem", "")], { env });
    expect(broken.exitCode).toBe(1);
    expect(broken.byId.certificates?.summary).toBe(
      "Cannot use the certificates of `~/empty.pem` (--ca-cert): it holds no PEM certificate",
    );
  });

  test("hides the home also by its real path", async () => {
    const at = healthy();
    const link = join(at.home, "link");
    symlinkSync(".", link);
    const ran = await qwen(at, ["doctor"], { env: { HOME: link } });
    expect(ran.stdout).toContain("`~/.qwen/settings.json`");
    expect(ran.stdout).not.toContain(at.home);
  });

  test("takes a connection from flags", async () => {
    const args = ["--openai-api-key", KEY, "--openai-base-url", "http://localhost:1/v1"];
    const { byId } = await doctor(healthy(), args);
    expect(byId["connection.key"]?.summary).toBe("sk-…NARY from flag --openai-api-key");
  });
});

describe("qwen doctor --network", () => {
  test("goes the way to the endpoint and sends no key", async () => {
    const date = new Date().toUTCString();
    const server = await scriptedServer(answer(401, {}, { date }));
    const { port } = new URL(server.origin);
    const at = healthy(`http://localhost:${port}/v1?api_key=${KEY}`);
    const { exitCode, report } = await doctor(at, ["--network"]);
    expect(exitCode).toBe(0);
    const network = report.checks.filter(({ id }) => id.startsWith("network"));
    expect(network.map(({ id, status, summary }) => `${id} ${status}: ${summary}`)).toEqual([
      expect.stringMatching(/^network.dns ok: localhost is .*127\.0\.0\.1/),
      `network.tcp ok: localhost takes connections on port ${port}`,
      "network.tls skipped: the endpoint is plain http",
      "network.http ok: the service answers 401 to a request without a key",
      "network.clock ok: the clock agrees with the server's",
    ]);
    expect(JSON.stringify(server.requests)).not.toContain(KEY);
    expect(JSON.stringify(report)).not.toContain(KEY);
  });

  test("tells a private authority from an endpoint that is down", async () => {
    const certificate = await selfSigned(["localhost"]);
    const { port } = serveLoopback(() => new Response("[]"), certificate);
    const at = healthy(`https://localhost:${port}/v1`);
    const unknown = await doctor(at, ["--network"]);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.byId["network.tcp"]?.status).toBe("ok");
    expect(unknown.byId["network.tls"]).toEqual({
      id: "network.tls",
      status: "failed",
      summary: "its certificate is self-signed",
      remedy: "name your organisation's certificates with `--ca-cert` or `QWEN_CA_CERT`",
    });
    const known = await doctor(at, ["--network", "--ca-cert", certificate.file]);
    expect(known.exitCode).toBe(0);
    expect(known.byId["network.tls"]?.summary).toStartWith("TLSv1.3, certificate valid until ");

    const down = await doctor(healthy(await deadOrigin()), ["--network"]);
    expect(down.exitCode).toBe(1);
    expect(down.byId["network.tcp"]?.status).toBe("failed");
    expect(down.byId["network.http"]?.status).toBe("skipped");
  });

  test("tells who answered instead of the service, as a question would", async () => {
    const proxy = await scriptedServer(
      answer(502, "<html><title>Bad gateway</title></html>", { "content-type": "text/html" }),
    );
    const { host } = new URL(proxy.origin);
    const { byId } = await doctor(healthy("http://api.example.com/v1"), [
      "--network",
      "--proxy",
      proxy.origin,
    ]);
    expect(byId["network.http"]).toEqual({
      id: "network.http",
      status: "warning",
      summary: `api.example.com by way of the proxy ${host} of \`--proxy\` has a problem (502: page "Bad gateway")`,
      remedy: "check the proxy of `--proxy`, or name api.example.com in `NO_PROXY`",
    });
    const lmStudio = await scriptedServer(
      answer(200, { error: "Unexpected endpoint or method. (GET /models)" }),
      answer(200, { error: "Unexpected endpoint or method. (GET /models)" }),
    );
    const found = await doctor(healthy(lmStudio.origin), ["--network"]);
    expect(found.byId["network.http"]?.status).toBe("ok");
  });

  test("goes through the proxy, whose password is shown nowhere", async () => {
    const proxy = await scriptedServer(answer(407));
    const { host } = new URL(proxy.origin);
    const at = healthy("http://api.example.com/v1");
    const { exitCode, byId, report } = await doctor(at, [
      "--network",
      "--proxy",
      `http://ann:pa55w0rd-long@${host}`,
    ]);
    expect(exitCode).toBe(1);
    expect(byId["network.tcp"]?.summary).toStartWith("the proxy 127.0.0.1 takes connections");
    expect(byId["network.http"]?.summary).toContain("(407)");
    expect(JSON.stringify(report)).not.toContain("pa55w0rd");
  });

  test("skips what no endpoint or no usable proxy is there for", async () => {
    expect((await doctor(machine(), ["--network"])).byId.network?.summary).toBe(
      "there is no endpoint to reach",
    );
    const { byId } = await doctor(healthy(), ["--network", "--proxy", "socks5://x"]);
    expect(byId.proxy?.status).toBe("failed");
    expect(byId.network?.status).toBe("skipped");
  });

  test.each([
    { args: ["--offline"], env: {}, why: "`--offline` was given" },
    { args: [], env: { QWEN_OFFLINE: "1" }, why: "`QWEN_OFFLINE` is set" },
  ])("is refused where $why", async ({ args, env, why }) => {
    const ran = await qwen(healthy(), ["doctor", "--network", ...args], { env });
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toStartWith(`error: Cannot use \`--network\`: ${why}\n`);
  });
});

describe("system calls", () => {
  const straceTest = testUnless(cannotTrace());

  straceTest("qwen doctor --network opens a socket of the internet", async () => {
    const at = healthy(await deadOrigin());
    const { calls } = await traceCalls(at, ["doctor", "--network"]);
    expect(calls.some(({ line }) => /AF_INET/.test(line))).toBe(true);
  });
});
