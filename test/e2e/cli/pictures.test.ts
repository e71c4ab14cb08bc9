import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawSvg } from "../../support/draw-svg.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { qwenPty, shellPty } from "../../support/pty.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const PICTURES = join(import.meta.dir, "..", "..", "..", "docs", "pictures");
const COLS = 84;
const KEY = "sk-sp-0123456789abcdef0123456789aba289";

const ANSWER = `Exit code **137** is \`128 + 9\`: the process was ended by **SIGKILL**.

1. Mostly the kernel did that, as memory ran out; \`dmesg\` says so.
2. In a container its own limit is reached first:

\`\`\`sh
docker inspect --format '{{.State.OOMKilled}}' NAME
\`\`\`

| Code | Signal | Sent by |
|---:|---|---|
| 137 | SIGKILL | the kernel, \`kill -9\` |
| 143 | SIGTERM | \`docker stop\` |

> 退出码 137 表示进程被 SIGKILL 终止。
`;

async function login(at: Machine): Promise<string> {
  const command = `printf %s ${KEY} | qwen auth coding-plan --region china --key-stdin`;
  const pty = shellPty(at, command, { cols: COLS });
  expect(await pty.exitCode()).toBe(0);
  return `$ printf %s "$KEY" | qwen auth coding-plan --region china --key-stdin\r\n${pty.raw()}`;
}

async function status(at: Machine): Promise<string> {
  await login(at);
  const pty = qwenPty(at, ["auth", "status"], { cols: COLS });
  expect(await pty.exitCode()).toBe(0);
  return `$ qwen auth status\r\n${pty.raw()}`;
}

async function answer(at: Machine): Promise<string> {
  const { origin } = await scriptedServer(stream([OPENAI.text(ANSWER), OPENAI.finish]));
  const flags = ["--quiet", "--openai-base-url", `${origin}/v1`, "-m", "m", "-p", "hi"];
  const pty = qwenPty(at, flags, { cols: COLS, env: { QWEN_OFFLINE: "" } });
  expect(await pty.exitCode()).toBe(0);
  return `$ qwen "What does exit code 137 mean?"\r\n\r\n${pty.raw()}`;
}

// `QWEN_UPDATE_SCREENS=1 bun test test/e2e/cli/pictures.test.ts` draws them anew.
test.each([
  ["login", login],
  ["status", status],
  ["answer", answer],
] as const)("docs/pictures/%s.svg shows the screen as it is", async (name, capture) => {
  const svg = await drawSvg(await capture(machine()), {
    cols: COLS,
    title: `qwen: ${name}`,
  });
  const path = join(PICTURES, `${name}.svg`);
  if (process.env.QWEN_UPDATE_SCREENS === "1") {
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(path, svg);
  }
  expect(readFileSync(path, "utf8")).toBe(svg);
});
