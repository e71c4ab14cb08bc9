import { afterAll, expect, setDefaultTimeout } from "bun:test";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
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

/** What is told of a server at a port, which must not be that of a wrong certificate. */
async function expectTold(port: number, file: string): Promise<void> {
  const flags = ["--openai-base-url", `https://localhost:${port}/v1`];
  const ran = await qwen(machine(), ["-p", "hi", "-m", "m", ...flags], {
    env: { QWEN_CA_CERT: file, OPENAI_API_KEY: "sk-0123456789abcdef" },
  });
  expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 5, stdout: "" });
  expect(ran.stderr).toContain(`localhost:${port}`);
  expect(ran.stderr).toContain("speaks HTTP/2 alone, which is not supported");
  expect(ran.stderr).not.toContain("--ca-cert");
}

testUnless(missingPrograms("node"))(
  "a server that speaks HTTP/2 alone, and answers so, is told as one",
  async () => {
    const { key, cert, file } = await selfSigned(["localhost"]);
    const script = join(temporaryDirectory(), "server.cjs");
    writeFileSync(script, SERVER);
    const env = { PATH: process.env.PATH, CERT: cert, KEY: key };
    const server = Bun.spawn(["node", script], { stdout: "pipe", env });
    afterAll(() => server.kill());
    const { value } = await server.stdout.getReader().read();
    await expectTold(Number(new TextDecoder().decode(value)), file);
  },
);

async function freePort(): Promise<number> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function isOpen(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data: () => {} } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}

testUnless(missingPrograms("openssl"))("one that ends the handshake is told as one", async () => {
  const { key, file } = await selfSigned(["localhost"]);
  const keyFile = join(temporaryDirectory(), "key.pem");
  writeFileSync(keyFile, key);
  const port = await freePort();
  const at = ["-accept", `127.0.0.1:${port}`, "-cert", file, "-key", keyFile];
  const server = Bun.spawn(["openssl", "s_server", ...at, "-alpn", "h2", "-quiet"], {
    stdout: "ignore",
    stderr: "ignore",
  });
  afterAll(() => server.kill());
  while (!(await isOpen(port))) {
    expect(server.exitCode).toBeNull();
  }
  await expectTold(port, file);
});
