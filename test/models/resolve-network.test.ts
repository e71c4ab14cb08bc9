import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, UsageError } from "../../src/errors.ts";
import { resolveNetwork } from "../../src/models/resolve-network.ts";
import type { Env } from "../../src/runtime.ts";
import type { Origin } from "../../src/source.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { selfSigned } from "../support/tls-server.ts";
import { configuration, PATHS } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]> & {
  readonly env?: Env;
  /** Variables of the one `.env`. */
  readonly dotenv?: Readonly<Record<string, string>>;
  readonly dotenvOrigin?: Origin;
  readonly proxy?: string;
  readonly caCert?: string;
};

function resolve({ env = {}, dotenv = {}, dotenvOrigin = "user", proxy, caCert, ...known }: Given) {
  const base = configuration(known);
  const variables = new Map(
    Object.entries(dotenv).map(([name, value]) => [
      name,
      { value, source: { kind: "dotenv" as const, name, origin: dotenvOrigin }, shadowed: [] },
    ]),
  );
  const given = { layers: base.layers, dotenv: { ...base.dotenv, variables } };
  return resolveNetwork(given, { env, proxy, caCert });
}

const ENDPOINT = "https://a.example/v1";

describe("resolveNetwork() takes the proxy", () => {
  const user = (proxy: string) => ({ settings: { user: { proxy } } });
  const cases: readonly (readonly [name: string, given: Given, proxy: string | undefined])[] = [
    ["of nobody", {}, undefined],
    ["of the flag", { proxy: "http://flag:1" }, "http://flag:1"],
    ["of the flag, without a scheme", { proxy: "flag:1" }, "http://flag:1"],
    ["of user settings", user("http://user:1"), "http://user:1"],
    ["of system settings", { settings: { system: { proxy: "http://sys:1" } } }, "http://sys:1"],
    ["of the shell", { env: { HTTPS_PROXY: "http://env:1" } }, "http://env:1"],
    ["of a user's `.env`", { dotenv: { https_proxy: "http://dot:1" } }, "http://dot:1"],
    [
      "of the shell before a `.env`",
      { env: { HTTPS_PROXY: "http://env:1" }, dotenv: { HTTPS_PROXY: "http://dot:1" } },
      "http://env:1",
    ],
    [
      "of the flag before settings",
      { ...user("http://user:1"), proxy: "http://flag:1" },
      "http://flag:1",
    ],
    [
      "of settings before the shell",
      { ...user("http://user:1"), env: { HTTPS_PROXY: "http://env:1" } },
      "http://user:1",
    ],
    [
      "of `env` in user settings",
      { settings: { user: { env: { HTTPS_PROXY: "http://set:1" } } } },
      "http://set:1",
    ],
    [
      "of `env` in system settings",
      { settings: { system: { env: { all_proxy: "http://set:1" } } } },
      "http://set:1",
    ],
    [
      "of a `.env` before `env` in settings",
      {
        settings: { user: { env: { HTTPS_PROXY: "http://set:1" } } },
        dotenv: { HTTPS_PROXY: "http://dot:1" },
      },
      "http://dot:1",
    ],
    [
      "of no one for a host that `env` in settings exempts",
      { proxy: "http://p:1", settings: { user: { env: { NO_PROXY: "a.example" } } } },
      undefined,
    ],
    [
      "not of `env` in project settings",
      { settings: { project: { env: { HTTPS_PROXY: "http://evil:1" } } } },
      undefined,
    ],
    ["not of project settings", { settings: { project: { proxy: "http://evil:1" } } }, undefined],
    [
      "not of a part that is the project's",
      { ...user("http://evil:1"), projectPaths: ["proxy"] },
      undefined,
    ],
    [
      "not of a project's `.env`",
      { dotenv: { HTTPS_PROXY: "http://evil:1" }, dotenvOrigin: "project" },
      undefined,
    ],
    ["of no one for an exempt host", { proxy: "http://p:1", env: { NO_PROXY: "*" } }, undefined],
    [
      "but leaves no exemption to a project",
      { proxy: "http://p:1", dotenv: { NO_PROXY: "*" }, dotenvOrigin: "project" },
      "http://p:1",
    ],
  ];
  test.each(cases)("%s", async (_name, given, proxy) => {
    const { network } = await resolve(given);
    expect(network.proxyFor(ENDPOINT)).toBe(proxy);
    expect(network.authorities).toBeUndefined();
  });
});

describe("resolveNetwork() knows the passwords of proxies:", () => {
  const cases: readonly (readonly [name: string, given: Given, secrets: readonly string[]])[] = [
    ["none", { proxy: "http://p:1" }, []],
    ["the flag's", { proxy: "http://me:hunter22@p:1" }, ["hunter22", "hunter22"]],
    ["one without a scheme", { proxy: "me:hunter22@p:1" }, ["hunter22", "hunter22"]],
    ["an encoded one", { proxy: "http://me:a%40b@p:1" }, ["a%40b", "a@b"]],
    ["a wrongly encoded one", { proxy: "http://me:50%@p:1" }, ["50%", "50%"]],
    [
      "those of all variables",
      { env: { HTTPS_PROXY: "http://me:first@p:1", all_proxy: "me:second@p:1" } },
      ["first", "first", "second", "second"],
    ],
  ];
  test.each(cases)("%s", async (_name, given, secrets) => {
    expect((await resolve(given)).secrets).toEqual(secrets);
  });
});

test("resolveNetwork() takes certificates of `env` in settings, but of no reserved name", async () => {
  const path = join(temporaryDirectory(), "ca.pem");
  const env = { QWEN_CA_CERT: path, NODE_EXTRA_CA_CERTS: path };
  const none = await resolve({ settings: { user: { env } } });
  expect(none.network.authorities).toBeUndefined();
  const user = { env: { SSL_CERT_FILE: path } };
  await expect(resolve({ settings: { user } })).rejects.toMatchObject({
    code: "ca-file-unreadable",
  });
});

describe("resolveNetwork() refuses", () => {
  const why = "only http:// and https:// proxies are supported";
  const hint = "write it like `http://proxy.example:3128`";
  test.each(["socks5://me:hunter22@p:1", "", "http://", "http://me:hunter22@ p"])(
    "the proxy %p, and does not repeat it",
    async (proxy) => {
      const message = `Cannot use the proxy of \`--proxy\`: ${why}`;
      const error = new UsageError(message, { code: "invalid-value", hint });
      await expect(resolve({ proxy })).rejects.toEqual(error);
    },
  );

  test("such a proxy in settings", async () => {
    const message = `Cannot use the proxy of \`proxy\` of \`${PATHS.user}\`: ${why}`;
    const error = new ConfigError(message, { code: "settings-invalid", hint });
    await expect(resolve({ settings: { user: { proxy: "socks5://p:1" } } })).rejects.toEqual(error);
  });

  test.each(["QWEN_CA_CERT", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"])(
    "a file of %s that is missing",
    async (name) => {
      const path = join(temporaryDirectory(), "ca.pem");
      await expect(resolve({ env: { [name]: path } })).rejects.toMatchObject({
        exitCode: 3,
        code: "ca-file-unreadable",
        message: `Cannot use the certificates of \`${path}\` (${name}): no such file or directory (ENOENT)`,
        hint: `give \`${name}\` a PEM file, or leave it out`,
      });
    },
  );

  test("a file without a certificate", async () => {
    const path = join(temporaryDirectory(), "ca.pem");
    writeFileSync(path, "hello");
    await expect(resolve({ caCert: path })).rejects.toMatchObject({
      code: "ca-file-unreadable",
      message: `Cannot use the certificates of \`${path}\` (--ca-cert): it holds no PEM certificate`,
    });
  });

  test("one that is damaged", async () => {
    const path = join(temporaryDirectory(), "ca.pem");
    writeFileSync(path, "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n");
    await expect(resolve({ caCert: path })).rejects.toMatchObject({
      exitCode: 3,
      message: `Cannot use the certificates of \`${path}\` (--ca-cert): a certificate in it is damaged`,
    });
  });
});

test("resolveNetwork() adds certificates to those that are known, but none of a project's", async () => {
  const { file: path, cert: pem } = await selfSigned(["localhost"]);
  const { network } = await resolve({ caCert: path });
  expect(network.authorities?.at(-1)).toBe(pem);
  expect(network.authorities?.length).toBeGreaterThan(100);
  const ofProject = await resolve({ dotenv: { QWEN_CA_CERT: path }, dotenvOrigin: "project" });
  expect(ofProject.network.authorities).toBeUndefined();
});
