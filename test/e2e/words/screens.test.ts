import { expect, test } from "bun:test";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";

const ENV = { LANG: "zh_CN.UTF-8", CI: "" };

/** The menu, as it stands before anything is chosen. */
const MENUS: readonly (readonly [cols: number, screen: string])[] = [
  [
    80,
    `│
◆  选择认证方式：
│  ● 阿里云百炼 Coding Plan - 付费 · 每 5 小时最多 6,000 次请求 · 支持 Coding
│    Plan 全部模型
│  ○ API Key - 使用自己的 API Key
│  ○ Qwen OAuth - 已停止服务，请改用 Coding Plan 或 API Key
│  （↑ ↓ 移动 · Enter 确认 · Esc 返回 · Ctrl+C 退出）
└`,
  ],
  [
    60,
    `│
◆  选择认证方式：
│  ● 阿里云百炼 Coding Plan - 付费 · 每 5 小时最多 6,000 次
│    请求 · 支持 Coding Plan 全部模型
│  ○ API Key - 使用自己的 API Key
│  ○ Qwen OAuth - 已停止服务，请改用 Coding Plan 或 API Key
│  （↑ ↓ 移动 · Enter 确认 · Esc 返回 · Ctrl+C 退出）
└`,
  ],
];

test.each(MENUS)("the menu in Chinese, %d columns wide", async (cols, screen) => {
  const terminal = qwenPty(machine(), ["auth"], { env: ENV, cols });
  await terminal.waitFor("Ctrl+C 退出");
  await terminal.waitFor("└");
  expect(await renderScreen(terminal.raw(), { cols, rows: 30 })).toBe(screen);
  terminal.press(KEYS.ctrlC);
  expect(await terminal.exitCode()).toBe(130);
  expect(terminal.text()).toContain("已取消，未写入任何内容");
});

test.each([80, 60])("the status in Chinese, %d columns wide", async (cols) => {
  const terminal = qwenPty(machine(), ["auth", "status"], { env: ENV, cols });
  await terminal.exitCode();
  expect(await renderScreen(terminal.raw(), { cols, rows: 30 })).toBe(`⚠ 尚未配置认证方式

  设置      无文件
  .env      无文件

运行以下命令之一：
  qwen auth              从菜单中选择
  qwen auth coding-plan  使用阿里云百炼 Coding Plan
  qwen auth api-key      使用其他服务商的密钥或自己的服务器`);
});

test("a key with full-width signs is told so", async () => {
  const terminal = qwenPty(machine(), ["auth", "coding-plan", "--region", "china"], { env: ENV });
  await terminal.waitFor("请输入 Coding Plan API Key：");
  terminal.press(`ｓk-sp-0123456789${KEYS.enter}`);
  await terminal.waitFor("密钥含有全角字符，例如“ｓ”：请关闭输入法后重新输入");
  terminal.press(KEYS.ctrlC);
  expect(await terminal.exitCode()).toBe(130);
});
