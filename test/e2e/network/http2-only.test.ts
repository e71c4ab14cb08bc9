import { afterAll, expect, setDefaultTimeout } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { selfSigned } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const SERVER = `
const { createSecureServer } = require("node:http2");
const { CERT, KEY } = process.env;
const server = createSecureServer({ cert: CERT, key: KEY, allowHTTP1: false });
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

testUnless(missingPrograms("node"))(
  "a server that speaks HTTP/2 alone is told as one",
  async () => {
    const { key, cert, file } = await selfSigned(["localhost"]);
    const script = join(temporaryDirectory(), "server.cjs");
    writeFileSync(script, SERVER);
    const env = { PATH: process.env.PATH, CERT: cert, KEY: key };
    const server = Bun.spawn(["node", script], { stdout: "pipe", env });
    afterAll(() => server.kill());
    const { value } = await server.stdout.getReader().read();
    const port = new TextDecoder().decode(value).trim();
    const flags = ["--openai-base-url", `https://localhost:${port}/v1`];
    const ran = await qwen(machine(), ["-p", "hi", "-m", "m", ...flags], {
      env: { QWEN_CA_CERT: file, OPENAI_API_KEY: "sk-0123456789abcdef" },
    });
    expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 5, stdout: "" });
    expect(ran.stderr).toContain(`localhost:${port} speaks HTTP/2 alone, which is not supported`);
    expect(ran.stderr).not.toContain("--ca-cert");
  },
);
