import type { Table } from "../lexicon.ts";

/** Export and import of a set-up. */
export const TRANSFER: Table = {
  "reads the variables: {names}": "读取的变量：{names}",
  'left out of "{name}", as nothing reads it: {what}': "“{name}”中未读取的内容已省略：{what}",
  "a model is left out, as a key stands in it; `--with-keys` takes it along":
    "已省略含有密钥的模型；用 `--with-keys` 可一并导出",
  'keys that stand in "{name}" are left out; `--with-keys` takes them along':
    "已省略“{name}”中的密钥；用 `--with-keys` 可一并导出",
  "the region of the Coding Plan": "Coding Plan 的地域",
  "the accounts were written": "已写入账号",
  "it is no variable for a key": "不是密钥变量",
  "it is no object of names and texts": "不是由名称和文本组成的对象",
  "it is no list of numbers": "不是数字列表",
  "it is no number from 0 on": "不是大于等于 0 的数字",
  "it is not understood": "无法理解",
  "it is neither true nor false": "既不是 true 也不是 false",
  "correct that field, or leave it out": "请更正该字段，或将其去掉",
  "{name} is there already, with other fields": "{name} 已经存在，但字段不同",
  'left out, as it stands there twice: "{name}"': "因重复而省略：“{name}”",
  "expected 1": "应为 1",
  "line {line}, column {column}: {why}": "第 {line} 行第 {column} 列：{why}",
  "{name} is no field of a set-up": "{name} 不是配置文件的字段",
  "it has {count} models, more than {most}": "有 {count} 个模型，超过 {most} 个",
  "it has {count} accounts, more than {most}": "有 {count} 个账号，超过 {most} 个",
  "`selection.model` answers no chat": "`selection.model` 不能用于对话",
  "`selection.model` is none of its models": "`selection.model` 不在其模型中",
  "`selection.baseUrl` is the endpoint of none of its models":
    "`selection.baseUrl` 不是其任何模型的端点",
  "it has neither models nor accounts": "既没有模型，也没有账号",
  "`env.{name}` is used by none of its models": "`env.{name}` 未被任何模型使用",
  "make the file with `qwen auth export`": "用 `qwen auth export` 生成此文件",
  "Print the set-up, for another machine": "输出配置，用于另一台机器",
  "Take over a set-up that was exported": "导入已导出的配置",
  "Talk with a model: a session; `/help` in it": "与模型对话：会话中输入 `/help` 查看帮助",
  "Ask once; flags: `qwen help chat`": "提问一次；选项：`qwen help chat`",
  "see what there is: `qwen auth list`": "查看现有配置：`qwen auth list`",
  "{path} has the set-up, with its keys: keep it as you keep them":
    "{path} 已保存配置和密钥：请像密钥一样保管",
  "{path} has the set-up, without keys": "{path} 已保存配置，不含密钥",
  "Cannot export keys onto a terminal": "无法将密钥导出到终端",
  "Cannot export keys into a file that others can read": "无法将密钥导出到他人可读的文件",
  "write them with `--output FILE`, or to another program with `|`":
    "用 `--output FILE` 写入文件，或用 `|` 传给其他程序",
  "leave the key out": "去掉密钥",
  "Cannot read both the file and the key from standard input": "无法同时从标准输入读取文件和密钥",
  "name the file, or give the key with `--key-file PATH`":
    "指定文件，或用 `--key-file PATH` 提供密钥",
  "name a file that `qwen auth export` wrote": "指定由 `qwen auth export` 生成的文件",
  "look at it with `--dry-run`, then add `--yes`": "先用 `--dry-run` 查看，再加 `--yes`",
  "Write this to your settings?": "写入设置吗？",
  "Write it": "写入",
  "Enter the key for {name} (empty: later):": "请输入 {name} 的密钥（留空则以后设置）：",
  "kept as it was (`--replace` takes the file's): {what}":
    "保持原样（用 `--replace` 采用文件中的内容）：{what}",
  "`{name}` has no key: `{command}`": "`{name}` 没有密钥：`{command}`",
  "the set-up was imported": "已导入配置",
  "the set-up was here already": "配置已存在",
  "Nothing was written (`--dry-run`)": "未写入任何内容（`--dry-run`）",
  "Nothing was written, and nothing would be (`--dry-run`)":
    "未写入任何内容，也无需写入（`--dry-run`）",
  "Only this provider or variable; repeatable": "只导出此服务商或变量；可重复",
  "Take the keys along, as they are": "一并导出密钥",
  "Write a new file that you alone can read": "写入只有自己能读取的新文件",
  "Show what it would do, and write nothing": "只显示将做的更改，不写入",
  "Replace what is there and differs": "替换已有的不同内容",
  "Do not ask whether it is right": "不询问是否正确",
  "What `qwen auth export` wrote; - is standard input":
    "`qwen auth export` 生成的文件；- 为标准输入",
  "Cannot import {what}: {why}": "无法导入{what}：{why}",
  "Cannot import: {why}": "无法导入：{why}",
  "Cannot import without a yes: {why}": "未经确认，无法导入：{why}",
  "standard input": "标准输入",
  "no file was named": "未指定文件",
  "it was not wanted": "已取消",
  "it was cancelled": "已取消",
  "write `qwen auth import FILE`, or `-` for standard input":
    "写成 `qwen auth import FILE`，或用 `-` 表示标准输入",
  'Cannot import the model "{model}": it would send what `{name}` holds here to {url}, where it does not belong':
    "无法导入模型“{model}”：它会将本机 `{name}` 的内容发送到不相干的 {url}",
  "Cannot import the account {account}: it would send what `{name}` holds here to {url}, where it does not belong":
    "无法导入账号 {account}：它会将本机 `{name}` 的内容发送到不相干的 {url}",
  "give the model another variable in the file, or its key with `--key-stdin`":
    "在文件中为模型换一个变量，或用 `--key-stdin` 提供密钥",
  "Cannot export: your settings have nothing": "无法导出：设置中没有内容",
  "Cannot export: your settings have nothing of {names}": "无法导出：设置中没有 {names} 的内容",
  "Cannot use a key: the model that the file selects wants none":
    "无法使用密钥：文件所选的模型不需要密钥",
  "the account {name} came without its key: `{command}`": "账号 {name} 没有附带密钥：`{command}`",
  "the default model": "默认模型",
  "Leave it": "不写入",
  "default: {model}": "默认模型：{model}",
  "accounts: {names}": "账号：{names}",
  "keys: {names}": "密钥：{names}",
  "{text} and {count} more": "{text}，另有 {count} 个",
  "the endpoint of {name}": "{name} 的接口",
};
