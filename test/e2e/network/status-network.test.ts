import { describe, expect, test } from "bun:test";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { selfSigned } from "../../support/tls-server.ts";

const CONNECTION = [
  ...["--openai-base-url", "http://127.0.0.1:9/v1"],
  ...["--openai-api-key", "sk-network-0123456789abcdef", "-m", "model"],
];

const { cert, key } = await selfSigned(["localhost"]);

type Way = {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly settings?: object;
};

/** What a question reads before it is sent lies in these files. */
function writeFiles(at: Machine): void {
  at.write("ca.pem", cert);
  at.write("key.pem", key);
  at.write("no-pem", "nothing of the kind\n");
  at.write("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
}

const SOCKS = "socks5://127.0.0.1:1080";

describe("`auth status` says what keeps a question from being sent:", () => {
  const refused: readonly Way[] = [
    { name: "a proxy of settings that is no URL", settings: { proxy: "not a url" } },
    { name: "a SOCKS proxy of settings", settings: { proxy: SOCKS } },
    { name: "a SOCKS proxy of a flag", args: ["--proxy", SOCKS] },
    { name: "a file that is not there", env: { NODE_EXTRA_CA_CERTS: "gone.pem" } },
    { name: "a file without certificates", env: { SSL_CERT_FILE: "no-pem" } },
    { name: "a damaged certificate", env: { QWEN_CA_CERT: "damaged.pem" } },
    { name: "a file of a flag that is not there", args: ["--ca-cert", "gone.pem"] },
    {
      name: "a file that `env` of settings names",
      settings: { env: { SSL_CERT_FILE: "gone.pem" } },
    },
    { name: "a client certificate without its key", settings: { clientCert: "ca.pem" } },
    { name: "a client key that is not there", env: { QWEN_CLIENT_KEY: "gone.pem" } },
  ];
  for (const { name, args = [], env = {}, settings } of refused) {
    test(name, async () => {
      const at = machine();
      writeFiles(at);
      if (settings !== undefined) {
        at.write(".qwen/settings.json", settings);
      }
      const run = (words: readonly string[]) =>
        qwen(at, [...words, ...CONNECTION, ...args], { env, cwd: at.home });
      const asked = await run(["-p", "hi"]);
      const status = await run(["auth", "status"]);
      expect(asked.stderr).toMatch(/^error: Cannot use the /);
      expect(status).toEqual(asked);
      expect(await run(["auth", "status", "--verify"])).toEqual(asked);
      const inJson = await run(["auth", "status", "--json"]);
      expect(inJson.exitCode).toBe(asked.exitCode);
      const { message } = JSON.parse(inJson.stdout).error;
      expect(asked.stderr).toContain(message.replace(at.home, "~"));
    });
  }

  const held: readonly Way[] = [
    { name: "a proxy", settings: { proxy: "http://127.0.0.1:3128" } },
    { name: "a proxy without its scheme", args: ["--proxy", "127.0.0.1:3128"] },
    { name: "a file of certificates", env: { SSL_CERT_FILE: "ca.pem" } },
    { name: "a variable without a value", env: { NODE_EXTRA_CA_CERTS: "" } },
  ];
  for (const { name, args = [], env = {}, settings } of held) {
    test(`${name} that can be used is no fault`, async () => {
      const at = machine();
      writeFiles(at);
      if (settings !== undefined) {
        at.write(".qwen/settings.json", settings);
      }
      const words = ["auth", "status", ...CONNECTION, ...args];
      const { exitCode, stderr } = await qwen(at, words, { env, cwd: at.home });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    });
  }

  test("what is told to be incomplete anyway is told first", async () => {
    const at = machine();
    at.write(".qwen/settings.json", { proxy: SOCKS });
    const { exitCode, stdout } = await qwen(at, ["auth", "status"]);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("qwen auth");
  });
});
