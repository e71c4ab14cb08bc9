import type { Table } from "../lexicon.ts";

/** Why the connection in force is of no use. */
export const CONNECTION: Table = {
  "add `--trust` if you trust this folder{more}, or `--no-project` to leave its files out":
    "信任此文件夹时加 `--trust`{more}，或用 `--no-project` 忽略其中的文件",
  " (`qwen trust {path}` for good)": "（永久信任：`qwen trust {path}`）",
  "add `--auth-type openai`, or run `qwen auth logout --provider qwen-oauth`":
    "加 `--auth-type openai`，或运行 `qwen auth logout --provider qwen-oauth`",
  "name one with `--model ID`; `qwen models --remote` lists them":
    "用 `--model ID` 指定模型；`qwen models --remote` 可列出",
  "add `--openai-api-key` with the key of that endpoint": "用 `--openai-api-key` 提供该接口的密钥",
  "add `--no-project` to have your own .env read": "加 `--no-project` 以读取自己的 .env",
  "name `{name}` in the entry's `envKey` if it is for that endpoint, or {hint}":
    "如果 `{name}` 用于该接口，请写入该条目的 `envKey`，或{hint}",
  "name a configured model with `--model`; `qwen models` lists them":
    "用 `--model` 指定已配置的模型；`qwen models` 可列出",
  "{hint}, or name an `envKey` with the value `{value}` if the headers authenticate":
    "{hint}；如果由请求头认证，请写一个值为 `{value}` 的 `envKey`",
  "Cannot {action}: the token of Qwen OAuth has expired": "无法{action}：Qwen OAuth 令牌已过期",
  "run `qwen auth qwen-oauth --force` to refresh it": "运行 `qwen auth qwen-oauth --force` 刷新",
  "correct `{name}`": "更正 `{name}`",
  "correct `{name}` in `{path}`": "更正 `{path}` 中的 `{name}`",
  'the entry authenticates by its header "{name}"': "该条目由请求头“{name}”认证",
  "Cannot {action}: {name} is not set": "无法{action}：未设置 {name}",
  "run `export {name}=YOUR_KEY`": "运行 `export {name}=YOUR_KEY`",
  "Cannot {action}: {name} wants none": "无法{action}：{name} 不需要密钥",
  "nothing is configured": "尚未配置",
  "the key of {name} is withheld from {host}, as {source} says where it goes":
    "{name} 的密钥未发送给 {host}，因为去向由 {source} 指定",
  "several protocols have models and none is selected": "多个协议都有模型，但未选择",
  "the key of {name} cannot be sent: {why}": "无法发送 {name} 的密钥：{why}",
  "no model is chosen": "未选择模型",
  "no model is chosen for openai, which `{flag}` means": "`{flag}` 指 openai，而未选择它的模型",
  "a request could not be made": "无法发出请求",
  "Qwen OAuth has no stored tokens, and {why}": "Qwen OAuth 没有保存的令牌，且{why}",
  "Qwen OAuth has only a token that has expired, and {why}": "Qwen OAuth 只有已过期的令牌，且{why}",
  "Qwen OAuth (selected by {source}) has no stored tokens, and {why}":
    "Qwen OAuth（由 {source} 选择）没有保存的令牌，且{why}",
  "Qwen OAuth (selected by {source}) has only a token that has expired, and {why}":
    "Qwen OAuth（由 {source} 选择）只有已过期的令牌，且{why}",
  "{name} is not given": "未提供 {name}",
  "neither {names} is given": "{names} 均未提供",
  "no key for {url}: {why}, and the configured one is for {host}":
    "没有 {url} 的密钥：{why}，已配置的密钥属于 {host}",
  'the header "{header}" authenticates, and a variable that it names is not set':
    '标头 "{header}" 用于认证，但其中引用的变量没有设置',
  "the entry names no `envKey`, and no standard variable belongs to its endpoint{more}":
    "该条目没有 `envKey`，其接口也没有标准变量{more}",
  ": {name} is set and not used": "：已设置 {name}，但未使用",
  "; the key of {name} is for entries without an `envKey`":
    "；{name} 的密钥用于没有 `envKey` 的条目",
  '; no entry is called "{name}", which {source} asks for':
    "；没有名为“{name}”的条目（{source} 要求）",
  "{name} is {value}, and that variable is not set{more}":
    "{name} 为 {value}，但未设置该变量{more}",
  "no key: {name} is not set{more}": "没有密钥：未设置 {name}{more}",
  "{what}; {path} sets it, but another .env was found first{more}":
    "{what}；{path} 设置了它，但先找到了另一个 .env{more}",
  "its free tier was discontinued on {date}": "其免费服务已于 {date} 停止",
  "run `qwen auth coding-plan` or `qwen auth api-key`":
    "运行 `qwen auth coding-plan` 或 `qwen auth api-key`",
  'correct the header "{name}" in `customHeaders`': "更正 `customHeaders` 中的请求头“{name}”",
  "name the variable of its key in the entry's `envKey`, or run `qwen auth api-key`":
    "在该条目的 `envKey` 中写明密钥变量，或运行 `qwen auth api-key`",
  "put the key into `{name}` in place of `{value}`, or run `qwen auth api-key`":
    "将密钥写入 `{name}` 以替换 `{value}`，或运行 `qwen auth api-key`",
  "using {url} with {key} (folder trusted)": "使用 {url} 和 {key}（文件夹受信任）",
  "the endpoint is {url}": "接口为 {url}",
  "Cannot {action}: this runs inside of `qwen auth run`, which hides it":
    "无法{action}：正在 `qwen auth run` 中运行，密钥被隐藏",
  "run it in a terminal of your own": "请在自己的终端中运行",
  "Cannot run a tool: this runs inside of `qwen auth run` already":
    "无法运行工具：已在 `qwen auth run` 中",
  "start the tool as it is: it uses the broker that is there":
    "直接启动工具即可，它会使用现有的代理服务",
};
