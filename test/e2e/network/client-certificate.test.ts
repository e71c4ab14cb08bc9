import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { type Certificate, selfSigned } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const SPEECH = 'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n';

/** A server that answers only to those who show a certificate of this authority. */
async function strictServer(
  server: Certificate,
  client: Certificate,
  more: { readonly maxVersion?: "TLSv1.2" } = {},
): Promise<string> {
  const { key, cert } = server;
  const options = { key, cert, ca: [client.cert], requestCert: true, rejectUnauthorized: true };
  const listening = createServer({ ...options, ...more }, ({ method }, response) => {
    response.end(method === "GET" ? '{"data":[{"id":"m"}]}' : `${SPEECH}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  afterAll(() => listening.close());
  const { port } = listening.address() as AddressInfo;
  return `https://localhost:${port}/v1`;
}

type Office = {
  readonly at: Machine;
  readonly env: Record<string, string>;
  readonly cert: string;
  readonly key: string;
  readonly client: Certificate;
};

async function office(more?: { readonly maxVersion?: "TLSv1.2" }): Promise<Office> {
  const [server, client] = [await selfSigned(["localhost"]), await selfSigned(["me"])];
  const baseUrl = await strictServer(server, client, more);
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", baseUrl, envKey: "K" }] },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    env: { K: "sk-0123456789abcdef" },
  });
  const directory = temporaryDirectory();
  const [cert, key] = [join(directory, "client.pem"), join(directory, "client.key")];
  writeFileSync(cert, client.cert);
  writeFileSync(key, client.key);
  return { at, env: { QWEN_CA_CERT: server.file }, cert, key, client };
}

describe("a server that wants a client certificate", () => {
  test("gets it from flags, variables, and the user's settings", async () => {
    const { at, env, cert, key } = await office();
    const answered = { exitCode: 0, stdout: "Hi\n", stderr: "" };
    const flags = ["--client-cert", cert, "--client-key", key];
    expect(await qwen(at, ["-p", "hi", ...flags], { env })).toEqual(answered);
    const variables = { ...env, QWEN_CLIENT_CERT: cert, QWEN_CLIENT_KEY: key };
    expect(await qwen(at, ["-p", "hi"], { env: variables })).toEqual(answered);
    const { stdout } = await qwen(at, ["models", "--remote"], { env: variables });
    expect(stdout).toBe("* m\n");
    const settings = JSON.parse(readFileSync(at.settings, "utf8"));
    at.write(".qwen/settings.json", { ...settings, clientCert: cert, clientKey: key });
    expect(await qwen(at, ["-p", "hi"], { env })).toEqual(answered);
  });

  test("gets it from one file with both", async () => {
    const { at, env, cert, client } = await office();
    writeFileSync(cert, `${client.cert}\n${client.key}`);
    const ran = await qwen(at, ["-p", "hi"], { env: { ...env, QWEN_CLIENT_CERT: cert } });
    expect(ran).toEqual({ exitCode: 0, stdout: "Hi\n", stderr: "" });
  });

  test.each([
    [undefined, "the server wants a client certificate"],
    ["TLSv1.2", "the TLS handshake failed: the server may want a client certificate, or HTTP/2"],
  ] as const)("is told of where none is given (%p)", async (maxVersion, why) => {
    const { at, env } = await office(maxVersion === undefined ? {} : { maxVersion });
    for (const args of [
      ["-p", "hi"],
      ["models", "--remote"],
    ]) {
      const ran = await qwen(at, args, { env });
      expect(ran.exitCode).toBe(5);
      expect(ran.stderr).toContain(why);
      expect(ran.stderr).toContain(
        "hint: give it with `--client-cert FILE` and `--client-key FILE`",
      );
    }
  });

  test("gets none of a repository's choosing", async () => {
    const { at, env, cert, key } = await office();
    at.write("p/.env", `QWEN_CLIENT_CERT=${cert}\nQWEN_CLIENT_KEY=${key}\n`);
    at.write("p/.qwen/settings.json", { clientCert: cert, clientKey: key });
    const ran = await qwen(at, ["-p", "hi"], { env });
    expect(ran.exitCode).toBe(5);
    expect(ran.stderr).toContain("the server wants a client certificate");
  });
});

describe("a client certificate that cannot be used is exit 3", () => {
  type Case = readonly [name: string, break_: (office: Office) => string[], why: string];
  const cases: readonly Case[] = [
    ["no file", () => ["--client-cert", "/nowhere.pem"], "no such file or directory"],
    ["no certificate", ({ key }) => ["--client-cert", key], "it holds no PEM certificate"],
    ["no key", ({ cert }) => ["--client-cert", cert], "it holds no PEM key"],
    ["a key alone", ({ key }) => ["--client-key", key], "there is no certificate to it"],
    [
      "a key that is locked",
      ({ cert, key }) => {
        writeFileSync(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n");
        return ["--client-cert", cert, "--client-key", key];
      },
      "its key is locked with a password",
    ],
  ];
  test.each(cases)("%s", async (_name, breakIt, why) => {
    const at = await office();
    const ran = await qwen(at.at, ["-p", "hi", ...breakIt(at)], { env: at.env });
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toStartWith("error: Cannot use the client certificate of `");
    expect(ran.stderr).toContain(why);
  });

  test("a key of another certificate", async () => {
    const { at, env, cert, key } = await office();
    writeFileSync(key, (await selfSigned(["other"])).key);
    const ran = await qwen(at, ["-p", "hi", "--client-cert", cert, "--client-key", key], { env });
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("its key is not that of the certificate");
  });
});
