import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { checkingProxy } from "../../support/checking-proxy.ts";
import { mappingProxy } from "../../support/mapping-proxy.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { openaiAnswer, selfSigned, serveLoopback } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-network-0123456789abcdef";
const PASSWORD = "right-proxy-word";
const WRONG_PASSWORD = "wrong-proxy-word";
const DEAD = "127.0.0.1:9";

const certificate = await selfSigned(["localhost", "127.0.0.1", "openrouter.ai"]);
const plain = serveLoopback(() => openaiAnswer("Hello"));
const secure = serveLoopback(() => openaiAnswer("Hello"), certificate);
const HTTP = `http://127.0.0.1:${plain.port}/v1`;
const HTTPS = `https://127.0.0.1:${secure.port}/v1`;

type Asking = {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly setUp?: (at: Machine) => void;
};

/** Asks the server at `baseUrl` once; no output shows the key or a password. */
async function ask(baseUrl: string, { args = [], env = {}, setUp }: Asking = {}) {
  const at = machine();
  setUp?.(at);
  const entry = ["--openai-base-url", baseUrl, "--openai-api-key", KEY, "-m", "model"];
  // A second try would only take time.
  at.write("system/settings.json", { model: { generationConfig: { maxRetries: 0 } } });
  const ran = await qwen(at, ["-p", "hi", ...entry, ...args], { env });
  for (const secret of [KEY, PASSWORD, WRONG_PASSWORD]) {
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(secret);
  }
  return ran;
}

const ANSWERED = { exitCode: 0, stdout: "Hello\n", stderr: "" };

/** What a failure prints with json. */
function errorIn(stdout: string): object {
  return JSON.parse(stdout).error;
}

describe("a proxy from", () => {
  const ways: readonly {
    readonly name: string;
    readonly baseUrl: string;
    readonly asking: (proxy: string) => Asking;
  }[] = [
    { name: "HTTP_PROXY", baseUrl: HTTP, asking: (url) => ({ env: { HTTP_PROXY: url } }) },
    { name: "http_proxy", baseUrl: HTTP, asking: (url) => ({ env: { http_proxy: url } }) },
    { name: "HTTPS_PROXY", baseUrl: HTTPS, asking: (url) => ({ env: { HTTPS_PROXY: url } }) },
    { name: "ALL_PROXY (http)", baseUrl: HTTP, asking: (url) => ({ env: { ALL_PROXY: url } }) },
    { name: "ALL_PROXY (https)", baseUrl: HTTPS, asking: (url) => ({ env: { ALL_PROXY: url } }) },
    { name: "--proxy", baseUrl: HTTPS, asking: (url) => ({ args: ["--proxy", url] }) },
    {
      name: "--proxy, over HTTP_PROXY",
      baseUrl: HTTP,
      asking: (url) => ({ args: ["--proxy", url], env: { HTTP_PROXY: `http://${DEAD}` } }),
    },
    {
      name: "user settings",
      baseUrl: HTTP,
      asking: (proxy) => ({ setUp: (at) => at.write(".qwen/settings.json", { proxy }) }),
    },
    {
      name: "`env` of user settings",
      baseUrl: HTTP,
      asking: (HTTP_PROXY) => ({
        setUp: (at) => at.write(".qwen/settings.json", { env: { HTTP_PROXY } }),
      }),
    },
    {
      name: "~/.qwen/.env",
      baseUrl: HTTP,
      asking: (url) => ({ setUp: (at) => at.write(".qwen/.env", `HTTP_PROXY=${url}\n`) }),
    },
  ];

  const ca = { QWEN_CA_CERT: certificate.file };
  const through = (baseUrl: string, { env, ...asking }: Asking) =>
    ask(baseUrl, { ...asking, env: { ...env, ...(baseUrl === HTTPS ? ca : {}) } });

  test.each(ways)("$name is used, with and without credentials", async ({ baseUrl, asking }) => {
    for (const credentials of [undefined, `me:${PASSWORD}`]) {
      const proxy = await checkingProxy(credentials);
      const userInfo = credentials === undefined ? "" : `${credentials}@`;
      const ran = await through(baseUrl, asking(`http://${userInfo}${proxy.host}`));
      expect(ran).toEqual(ANSWERED);
      expect(proxy.seen).toEqual([new URL(baseUrl).host]);
    }
  });

  test.each(ways)("$name that refuses the password is told", async ({ baseUrl, asking }) => {
    const proxy = await checkingProxy(`me:${PASSWORD}`);
    const ran = await through(baseUrl, asking(`http://me:${WRONG_PASSWORD}@${proxy.host}`));
    expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 5, stdout: "" });
    expect(ran.stderr).toStartWith(
      `error: Cannot ask "model": ${new URL(baseUrl).host}: the proxy wants a user name and password, or other ones (407) (named by \``,
    );
    expect(proxy.seen).toEqual([]);
    expect(proxy.refused()).toBe(1);
  });
});

describe("a proxy that cannot be used", () => {
  test.each([HTTP, HTTPS])(
    "is named when nothing listens there, not the server: %s",
    async (to) => {
      const before = plain.seen.length + secure.seen.length;
      const args = ["--proxy", `http://me:${PASSWORD}@${DEAD}`, "-o", "json"];
      const { exitCode, stdout } = await ask(to, { args });
      expect(exitCode).toBe(5);
      expect(errorIn(stdout)).toMatchObject({
        code: "proxy-failed",
        message: expect.stringContaining(`the proxy ${DEAD} cannot be reached`),
      });
      expect(plain.seen.length + secure.seen.length).toBe(before);
    },
  );

  test("is named with its source where it answers for the service", async () => {
    const refusing = serveLoopback(() => new Response("proxy refuses", { status: 502 }));
    const proxy = `http://127.0.0.1:${refusing.port}`;
    const ran = await ask(HTTP, { env: { http_proxy: proxy } });
    const { host, hostname } = new URL(HTTP);
    expect(ran).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: [
        `error: Cannot ask "model": ${host} by way of the proxy ${new URL(proxy).host} of \`http_proxy\` has a problem (502: proxy refuses)`,
        "",
        `hint: name ${hostname} in \`NO_PROXY\`, so that the proxy of \`http_proxy\` is left out`,
        "",
      ].join("\n"),
    });
  });

  const socks = "socks5://127.0.0.1:9";
  const why = expect.stringMatching(
    /(?:`proxy`|`--proxy`).*: only http.* proxies are supported|proxies are supported \(named by `ALL_PROXY`\)$/,
  );
  const unsupported: readonly (readonly [name: string, expected: object, asking: Asking])[] = [
    ["ALL_PROXY", { code: "proxy-failed", exitCode: 5 }, { env: { ALL_PROXY: socks } }],
    ["--proxy", { code: "invalid-value", exitCode: 2 }, { args: ["--proxy", socks] }],
    [
      "user settings",
      { code: "settings-invalid", exitCode: 3 },
      { setUp: (at) => at.write(".qwen/settings.json", { proxy: socks }) },
    ],
  ];
  test.each(unsupported)("is told when it is a SOCKS proxy of %s", async (_, expected, asking) => {
    const ran = await ask(HTTP, { ...asking, args: [...(asking.args ?? []), "-o", "json"] });
    expect(errorIn(ran.stdout)).toMatchObject({ ...expected, message: why });
    expect(ran).toMatchObject({ exitCode: (expected as { exitCode: number }).exitCode });
  });
});

describe("what a project says of the network is not heard:", () => {
  const inProject: readonly (readonly [name: string, setUp: (at: Machine, url: string) => void])[] =
    [
      ["proxy in its settings", (at, proxy) => at.write("p/.qwen/settings.json", { proxy })],
      ["HTTP_PROXY in its .env", (at, url) => at.write("p/.env", `HTTP_PROXY=${url}\n`)],
      ["ALL_PROXY in its .qwen/.env", (at, url) => at.write("p/.qwen/.env", `ALL_PROXY=${url}\n`)],
    ];
  test.each(inProject)("%s", async (_, setUp) => {
    const proxy = await checkingProxy();
    for (const args of [[], ["--trust"]]) {
      const ran = await ask(HTTP, { args, setUp: (at) => setUp(at, `http://${proxy.host}`) });
      expect(ran).toMatchObject({ exitCode: 0, stdout: "Hello\n" });
    }
    expect(proxy.seen).toEqual([]);
  });

  test.each(["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "QWEN_CA_CERT"])("%s", async (name) => {
    const setUp = (at: Machine) => at.write("p/.env", `${name}=${certificate.file}\n`);
    const { exitCode, stdout } = await ask(HTTPS, { setUp, args: ["-o", "json"] });
    expect(exitCode).toBe(5);
    expect(errorIn(stdout)).toMatchObject({ code: "tls-failed" });
  });
});

describe("NO_PROXY", () => {
  const lists: readonly (readonly [list: string, isProxied: boolean])[] = [
    ["127.0.0.1", false],
    ["*", false],
    ["example.com, 127.0.0.0/8", false],
    [`127.0.0.1:${plain.port}`, false],
    ["127.0.0.1:1", true],
    ["localhost", true],
  ];
  test.each(lists)("%s", async (list, isProxied) => {
    for (const name of ["NO_PROXY", "no_proxy"]) {
      const proxy = await checkingProxy();
      const env = { HTTP_PROXY: `http://${proxy.host}`, [name]: list };
      expect(await ask(HTTP, { env })).toEqual(ANSWERED);
      expect(proxy.seen).toHaveLength(isProxied ? 1 : 0);
    }
  });
});

describe("a server with a certificate of an authority of its own", () => {
  test.each([
    {},
    { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    { QWEN_TLS_INSECURE: "1" },
    { QWEN_TLS_INSECURE: "true" },
    { QWEN_TLS_INSECURE: "0" },
  ])("is refused: %j", async (env) => {
    const before = secure.seen.length;
    const { exitCode, stdout, stderr } = await ask(HTTPS, { env, args: ["-o", "json"] });
    expect(exitCode).toBe(5);
    expect(errorIn(stdout)).toMatchObject({
      code: "tls-failed",
      message: expect.stringContaining("its certificate is self-signed"),
      hint: expect.stringContaining("`--ca-cert FILE`"),
    });
    const said = Object.entries(env).filter(
      ([name, value]) => name.startsWith("NODE") || value !== "0",
    );
    expect(stderr).toBe(
      said
        .map(
          ([name]) =>
            `warning: \`${name}\` is ignored: certificates are always checked; \`--ca-cert FILE\` names one to trust\n`,
        )
        .join(""),
    );
    expect(secure.seen).toHaveLength(before);
  });

  const names: readonly (readonly [name: string, asking: (file: string) => Asking])[] = [
    ["--ca-cert", (file) => ({ args: ["--ca-cert", file] })],
    ["QWEN_CA_CERT", (file) => ({ env: { QWEN_CA_CERT: file } })],
    ["NODE_EXTRA_CA_CERTS", (file) => ({ env: { NODE_EXTRA_CA_CERTS: file } })],
    ["SSL_CERT_FILE", (file) => ({ env: { SSL_CERT_FILE: file } })],
  ];
  test.each(names)("is accepted with it in %s", async (_, asking) => {
    expect(await ask(HTTPS, asking(certificate.file))).toEqual(ANSWERED);
  });

  const useless: readonly (readonly [why: string, name: string])[] = [
    ["no such file or directory (ENOENT)", "missing.pem"],
    ["it is neither a file nor a pipe", "endless.pem"],
    ["it holds no PEM certificate", "pipe.pem"],
    ["it holds no PEM certificate", "text.pem"],
  ];
  const rows = names.flatMap(([name, asking]) =>
    useless.map(([why, file]) => ({ name, asking, why, file })),
  );
  test.each(rows)("ends with 3 when the file of $name is of no use: $why", async (row) => {
    const at = machine();
    at.write("text.pem", "no certificate");
    symlinkSync("/dev/zero", `${at.home}/endless.pem`);
    Bun.spawnSync(["mkfifo", `${at.home}/pipe.pem`]);
    const path = `${at.home}/${row.file}`;
    const { exitCode, stdout, stderr } = await ask(HTTPS, row.asking(path));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toStartWith(
      `error: Cannot use the certificates of \`${path}\` (${row.name}): ${row.why}\n`,
    );
  });

  test("is refused under another name than the certificate's", async () => {
    const env = { QWEN_CA_CERT: certificate.file };
    const url = `https://127.0.0.2:${secure.port}/v1`;
    const proxy = await mappingProxy(secure.port);
    const { stdout } = await ask(url, {
      env: { ...env, HTTPS_PROXY: proxy.url },
      args: ["-o", "json"],
    });
    expect(errorIn(stdout)).toMatchObject({
      code: "tls-failed",
      message: expect.stringContaining("its certificate is for another host"),
    });
  });
});

test("mappingProxy() leads a real host name to a server of the test's", async () => {
  const proxy = await mappingProxy(secure.port);
  const env = { HTTPS_PROXY: proxy.url, QWEN_CA_CERT: certificate.file };
  expect(await ask("https://openrouter.ai/api/v1", { env })).toEqual(ANSWERED);
  expect(proxy.seen).toEqual(["openrouter.ai:443"]);
  expect(secure.seen.at(-1)).toBe("POST openrouter.ai/api/v1/chat/completions");
});
