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
  'ask "{model}"': "向“{model}”提问",
  "all providers": "所有服务商",
  "Logged out of {name}: {what} removed": "已退出 {name}：已删除 {what}",
  "{count} key": "{count} 个密钥",
  "{count} accounts": "{count} 个账号",
  "{names} are ignored": "已忽略 {names}",
  "it ended with code {count}{more}": "以代码 {count} 结束{more}",
  "permission denied": "没有权限",
  "run `{command}`: it works at {place}": "运行 `{command}`：在 {place} 可用",
  "Cannot read `{option}`: {why}": "无法识别 `{option}`：{why}",
  "did you mean {ids}?": "是否指 {ids}？",
  "{single} from {origin}": "{single}，来自 {origin}",
  "choose one of {ids}": "请选择 {ids} 之一",
  "trust it{more}, or leave it": "信任它{more}，或忽略",
  " (`{command}` for good)": "（永久：`{command}`）",
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
    "无法向模型提问：h 出现故障，要求等待 5 秒（503: it is empty）",
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
  // Nor do Chinese letters and signs, whatever stands in a place.
  ["Logged out of all providers: x removed", "已退出所有服务商：已删除 x"],
  // Things in a row, each ours or marked as a name.
  ["Logged out of X: 1 key and 2 accounts removed", "已退出 X：已删除 1 个密钥和 2 个账号"],
  ["Logged out of X: salt and pepper removed", "已退出 X：已删除 salt and pepper"],
  ["`A` and `B` are ignored", "已忽略 `A` 和 `B`"],
  ["A, B and C are ignored", "已忽略 A、B 和 C"],
  ['did you mean "n" or "o"?', "是否指“n”或“o”？"],
  // A code of the system, or words of a service, behind a sentence.
  ["Cannot ask a model: permission denied (EACCES)", "无法向模型提问：没有权限（EACCES）"],
  ["h has a problem (it is empty)", "h 出现故障（内容为空）"],
  ["h has a problem (503: it is empty; try again)", "h 出现故障（503: it is empty; try again）"],
  ["h has a problem (503: , and asks to wait 6 s)", "h 出现故障（503: , and asks to wait 6 s）"],
  ['h has a problem (503: :) ") (tried 3 times)', 'h 出现故障（503: :) "）（已尝试 3 次）'],
  ["it ended with code 12: it is empty", "以代码 12 结束：it is empty"],
  ["run `a`: it works at X (global)", "运行 `a`：在 X (global) 可用"],
  ["choose one of a, b, …", "请选择 a、b、… 之一"],
  ["x from ~/a (b.c)", "x，来自 ~/a (b.c)"],
  ["`a` is configured, but `b`: permission denied", "已配置 `a`，但 `b`：没有权限"],
  ["trust it (`a b` for good), or leave it", "信任它（永久：`a b`），或忽略"],
  // A part of a line may be styled.
  [`✓ ${DIM}permission denied${OFF} is configured, but x`, `✓ ${DIM}已配置没有权限${OFF}，但 x`],
  // The same words are another sentence where the place has another form.
  ["Cannot read `--a`: it is empty", "无法识别 `--a`：内容为空"],
  ["Cannot read `a (b`: it is empty", "无法读取 `a (b`：内容为空"],
  ['Cannot ask "m: it is empty": x', "无法向“m: it is empty”提问：x"],
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
  // No border lies within quotes, and half a sentence is none.
  "Cannot read `/a: b`c`: it is empty",
  'Cannot ask "a": b": it is empty',
  "Cannot do it: it is empty",
  "the words from ~/a",
  "x from somewhere",
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
