import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";
import { answer, scriptedServer, stream } from "../../support/scripted-server.ts";
import { chatMachine } from "../chat/chat-machine.ts";
import { startSession } from "../chat/session-machine.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
const ENV = { LANG: "zh_CN.UTF-8", CI: "", QWEN_OFFLINE: "" };

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: ({ headers }) =>
    headers.get("authorization") === `Bearer ${KEY}`
      ? Response.json({ data: [{ id: "a" }, { id: "b" }, { id: "c" }] })
      : Response.json({ error: { message: "no such key" } }, { status: 401 }),
});
afterAll(() => server.stop(true));

test.each([80, 60])("a login in Chinese, %d columns wide", async (cols) => {
  const baseUrl = `http://127.0.0.1:${server.port}/v1`;
  const at: Machine = machine();
  const terminal = qwenPty(at, ["auth", "api-key", "--base-url", baseUrl], { env: ENV, cols });
  await terminal.waitFor("请输入 API Key");
  terminal.press(`sk-wrong-0123456789${KEYS.enter}`);
  await terminal.waitFor("no such key");
  await terminal.waitFor("请输入 API Key");
  terminal.press(KEY + KEYS.enter);
  await terminal.waitFor("输入以搜索");
  terminal.press("zz");
  await terminal.waitFor("没有匹配项");
  terminal.press(KEYS.backspace + KEYS.backspace);
  await terminal.waitFor("◻ 其他");
  terminal.press("\t");
  await terminal.waitFor("◼ a");
  terminal.press(KEYS.enter);
  expect(await terminal.exitCode()).toBe(0);
  expect(await renderScreen(terminal.raw(), { cols, rows: 40 })).toBe(`│
◇  请输入 API Key：
│  *******************

127.0.0.1:${server.port} 不接受密钥（401: no such key）

│
◇  请输入 API Key：
│  ***********************
│
◇  用 Tab 选择模型，第一个为默认模型：
│  a
✓ 已设置 ${baseUrl}，默认模型 a
  设置：~/.qwen/settings.json
  验证：列出 3 个模型
  下一步：qwen "你好" 提问；只输入 qwen 则打开会话`);
});

test.each([
  [
    80,
    `错误：无法向“m”提问：HOST 不接受 ~/.qwen/settings.json (env.TEST_KEY)
的密钥（401: Incorrect API key）`,
  ],
  [
    60,
    `错误：无法向“m”提问：HOST 不接受
~/.qwen/settings.json (env.TEST_KEY) 的密钥（401: Incorrect
API key）`,
  ],
])("a session in Chinese, %d columns wide", async (cols, problem) => {
  const [status, body] = OPENAI.rejected;
  const { origin } = await scriptedServer(
    stream([OPENAI.text("你好，世界"), OPENAI.finish]),
    answer(status, JSON.stringify(body)),
  );
  const session = startSession(chatMachine(origin), [], { env: ENV, cols });
  await session.waitFor("› ");
  session.press(`Hi${KEYS.enter}`);
  await session.waitFor("世界");
  session.press(`Hi again${KEYS.enter}`);
  await session.waitFor("调出此消息");
  session.press(`/quit${KEYS.enter}`);
  await session.expectEnd(0);
  const screen = (await session.screen())
    .replaceAll(new URL(origin).host, "HOST")
    .replace(/\d+\.\d 秒/, "0.1 秒");
  expect(screen).toBe(`qwen 0.1.0  m · HOST
~/p · /help 帮助 · Esc 停止回答 · Ctrl+D 离开

› Hi

你好，世界

m · 输入 5 Token，输出 2 · 0.1 秒

› Hi again

${problem}
提示：输入 /auth 设置认证，或 /model 选择其他模型
按 ↑ 可调出此消息。

› /quit
rc=0`);
});
