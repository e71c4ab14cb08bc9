import { expect, test } from "bun:test";
import { createTranslator } from "../../src/words/translate.ts";

const TABLE = {
  "error:": "错误：",
  "warning:": "警告：",
  "hint:": "提示：",
  Model: "模型",
  "Authentication status": "认证状态",
  none: "无",
  "no key": "无密钥",
  "Cannot {action}: {why}": "无法{action}：{why}",
  "Cannot read `{path}`: {why}": "无法读取 `{path}`：{why}",
  "ask a model": "向模型提问",
  "it is empty": "内容为空",
  "{host} has a problem{more}": "{host} 出现故障{more}",
  ", and asks to wait {seconds} s{more}": "，要求等待 {seconds} 秒{more}",
  "{name} is configured, but {why}": "已配置 {name}，但{why}",
  "from {source}": "来自 {source}",
  "shell variable {name}": "shell 变量 {name}",
  "{one} wins over {other}": "{one} 优先于 {other}",
  "Nothing matches": "没有匹配项",
  "try again": "重试",
  "takes {what} of {file}": "接受{what}，来自{file}",
  "none ({why})": "无（{why}）",
  " (tried {count} times)": "（已尝试 {count} 次）",
};

const translate = createTranslator(TABLE, (text) => text === "no key");
const DIM = "\u001b[2m";
const OFF = "\u001b[22m";

test.each([
  ["Authentication status", "认证状态"],
  ["Authentication status\n\nnone\n", "认证状态\n\n无\n"],
  ["  Authentication status\r\n", "  认证状态\r\n"],
  [`${DIM}Authentication status${OFF}`, `${DIM}认证状态${OFF}`],
  // A sentence in a sentence.
  ["Cannot ask a model: it is empty", "无法向模型提问：内容为空"],
  ["error: Cannot read `a: b`: it is empty", "错误：无法读取 `a: b`：内容为空"],
  [`${DIM}error:${OFF} Cannot ask a model: x`, `${DIM}错误：${OFF}无法向模型提问：x`],
  ["error: nobody knows this", "错误：nobody knows this"],
  ["⚠ X is configured, but it is empty", "⚠ 已配置 X，但内容为空"],
  // What goes on behind it, with the words of others as they are.
  ["Cannot ask a model: h has a problem", "无法向模型提问：h 出现故障"],
  [
    "Cannot ask a model: h has a problem, and asks to wait 5 s (503: it is empty)",
    "无法向模型提问：h 出现故障，要求等待 5 秒 (503: it is empty)",
  ],
  ["ask a model: sk", "向模型提问：sk"],
  ["one.example: it is empty", "one.example：内容为空"],
  ["✗ Cannot ask a model: it is empty (connection)", "✗ 无法向模型提问：内容为空 (connection)"],
  // Chinese and Latin letters stand apart.
  ["takes keys of ~/a", "接受 keys，来自 ~/a"],
  ["takes try again of x", "接受重试，来自 x"],
  ["none (f (g))", "无（f (g)）"],
  ["none (a) (tried 3 times)", "无（a）（已尝试 3 次）"],
  ["Cannot ask a model: x (tried some times)", "无法向模型提问：x (tried some times)"],
  ["Nothing matches.", "没有匹配项。"],
  ["\r\u001b[?7lNothing matches …\u001b[?7h", "\r\u001b[?7l没有匹配项 …\u001b[?7h"],
  // Columns stay where they were.
  [
    `  ${DIM}Model   ${OFF}  m  from shell variable X`,
    `  ${DIM}模型    ${OFF}  m  来自 shell 变量 X`,
  ],
  ["Authentication status  none  x", "认证状态               无    x"],
])("translate(%j)", (english, chinese) => {
  expect(translate(english)).toBe(chinese);
});

test.each([
  "",
  "\n",
  "something else",
  "Model ID",
  "no key",
  "  m  no key",
  // Data that could be divided in two ways moves no border.
  "a wins over b wins over c",
  // A single word within a sentence is data.
  '{"error": "Cannot"}',
  "https://one.example/none",
  "输入",
])("translate(%j) leaves it as it is", (text) => {
  expect(translate(text)).toBe(text);
});

test("a word that is data stays in a sentence", () => {
  expect(translate("Cannot ask a model: none")).toBe("无法向模型提问：none");
  expect(translate("none is configured, but none")).toBe("已配置 none，但 none");
});
