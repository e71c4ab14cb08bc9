import type { Table } from "../lexicon.ts";

/** Why nothing can be asked, and what to give instead. */
export const QUESTIONS: Table = {
  "there is no terminal to ask": "没有可供询问的终端",
  "`--no-input` was given": "使用了 `--no-input`",
  "nothing is asked where `CI` is set": "设置了 `CI` 时不会询问",
  "a terminal with TERM=dumb cannot be asked": "TERM=dumb 的终端无法询问",
  "Cannot choose a model: none was given{more}": "无法选择模型：未指定{more}",
  ", {name} has no default": "，{name} 没有默认模型",
  "give `--model ID`, or `--verify` to take what the endpoint lists":
    "用 `--model ID` 指定，或用 `--verify` 采用接口列出的模型",
  "Cannot choose a model: none was given, and {host} lists {what}":
    "无法选择模型：未指定，且 {host} 列出{what}",
  "give `--model ID`{more}": "用 `--model ID` 指定{more}",
  ", such as `--model {model}`": "，例如 `--model {model}`",
  "Cannot choose the region: none was given and {why}": "无法选择地域：未指定，且{why}",
  "give `--region` with {names}": "用 `--region` 指定 {names}",
  "give {one} or {other}": "使用 {one} 或 {other}",
  "Cannot tell which provider is meant: none was given": "不知道要用哪个服务商：未指定",
  "give `--provider NAME`, or `--base-url URL` for any other endpoint":
    "用 `--provider NAME` 指定，其他接口用 `--base-url URL`",
  "Cannot tell where the endpoint is: no base URL was given": "不知道接口地址：未提供 Base URL",
  "give `--base-url`, such as `--base-url {url}`": "用 `--base-url` 指定，例如 `--base-url {url}`",
  "Cannot set up the key: none was given and {why}": "无法设置密钥：未提供，且{why}",
  "give the key with `--key-stdin`, `--key-file PATH` or `--key-env NAME`":
    "用 `--key-stdin`、`--key-file PATH` 或 `--key-env NAME` 提供密钥",
  "the key from {place}": "来自 {place} 的密钥",
  "`--key` is visible in the process list and in shell history; use `--key-stdin`":
    "`--key` 会出现在进程列表和 shell 历史中；请使用 `--key-stdin`",
  "Cannot read `--key-env`: its value is not the name of a variable":
    "无法读取 `--key-env`：其值不是变量名",
  "write `--key-env MY_API_KEY`; a key itself goes to `--key-stdin`":
    "写成 `--key-env MY_API_KEY`；密钥本身请用 `--key-stdin`",
  "Cannot take the key from `{name}`: the variable is not set":
    "无法从 `{name}` 取得密钥：未设置该变量",
  "set `{name}`, or use `--key-stdin`": "设置 `{name}`，或使用 `--key-stdin`",
  "Cannot read the key from `{path}`: {why}": "无法从 `{path}` 读取密钥：{why}",
  "name a file that you can read, or use `--key-stdin`": "指定可读取的文件，或使用 `--key-stdin`",
  "Cannot use the key from {place}: {why}": "无法使用来自 {place} 的密钥：{why}",
  "give the key alone, on one line": "只提供密钥本身，占一行",
  "the prompt": "输入",
  "standard input": "标准输入",
  "Cannot open a session: {why}": "无法打开会话：{why}",
  "Cannot ask nothing: there is no prompt": "没有可提问的内容：缺少提示词",
  'write `qwen "your question"`, or pipe the question in':
    '写成 `qwen "你的问题"`，或通过管道输入问题',
  "standard input is left alone: nothing came on it within 1 s": "未读取标准输入：1 秒内没有内容",
  "{page}; the code expires in {time}": "{page}；代码将在 {time} 后过期",
};
