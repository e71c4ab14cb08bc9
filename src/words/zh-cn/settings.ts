import type { Table } from "../lexicon.ts";

/** Settings, entries, `.env` files. */
export const SETTINGS: Table = {
  "`{path}` was not read: {why}": "未读取 `{path}`：{why}",
  "`{path}` (a link to `{file}`) was not read: {why}": "未读取 `{path}`（链接到 `{file}`）：{why}",
  "Cannot read `{path}`: {why}": "无法读取 `{path}`：{why}",
  "shorten `{path}` or remove it": "缩短 `{path}` 或删除它",
  "save `{path}` as UTF-8": "将 `{path}` 另存为 UTF-8",
  "run `chmod 600 {path}` or remove the file": "运行 `chmod 600 {path}` 或删除此文件",
  "{names} in `{path}` was ignored: this variable is never taken from a file":
    "已忽略 `{path}` 中的 {names}：不从文件读取此变量",
  "{names} in `{path}` were ignored: these variables are never taken from a file":
    "已忽略 `{path}` 中的 {names}：不从文件读取这些变量",
  "others can read `{path}`, which holds a key (mode {mode}): run `chmod 600 {file}`":
    "其他人可以读取含有密钥的 `{path}`（权限 {mode}）：运行 `chmod 600 {file}`",
  "Cannot read `{path}`, which `{name}` names: {why}": "无法读取 `{name}` 指定的 `{path}`：{why}",
  "correct or unset `{name}`": "更正 `{name}` 或取消设置",
  "Cannot write this key to a `.env` file: its characters have no spelling there":
    "无法将此密钥写入 `.env` 文件：其中有无法表示的字符",
  "leave `--store env-file` out": "去掉 `--store env-file`",
  "check what stands at `{path}` and who may read it": "检查 `{path}` 处的内容和读取权限",
  "expected a string in `baseUrl`": "`baseUrl` 应为字符串",
  'expected `key`, or `store` "keyring"': '应为 `key`，或 `store` 为 "keyring"',
  "line 1, column 1: expected an object": "第 1 行第 1 列：应为对象",
  "`{name}` in `{path}` has no effect: the file's `$version` is 2 or newer":
    "`{path}` 中的 `{name}` 不起作用：文件的 `$version` 为 2 或更高",
  "`{path}`: {why}; it is ignored": "`{path}`：{why}；已忽略",
  "expected a command, or an object of them": "应为命令，或由命令组成的对象",
  "the connection": "此连接",
  'Cannot use the account "{name}": {place} has none of that name':
    "无法使用账号“{name}”：{place} 没有此名称的账号",
  "set it up: `{command}`": "请设置：`{command}`",
  'Cannot use the account "{name}": its key is for {one}, not for {other}':
    "无法使用账号“{name}”：其密钥属于 {one}，不属于 {other}",
  "leave out what names another endpoint": "去掉指定其他接口的内容",
  "`{source}` is passed over: it is for `{name}`, and `{place}` holds the key here":
    "已忽略 `{source}`：它属于 `{name}`，而此处的密钥由 `{place}` 提供",
  '`{source}` is passed over: `{place}` has no account "{name}"':
    "已跳过 `{source}`：`{place}` 没有账号“{name}”",
  "its name would change where the request goes": "其名称会改变请求的去向",
  "Cannot use the value of `{name}`: {why}": "无法使用 `{name}` 的值：{why}",
  'Cannot use the model "{model}" of {source}: {why}': "无法使用 {source} 的模型“{model}”：{why}",
  "Cannot tell where `{name}` belongs: `{one}` names another endpoint than the public one, and only `{other}` is read":
    "不知道 `{name}` 属于哪里：`{one}` 指定了公共接口之外的接口，而只读取 `{other}`",
  "set `{one}` as well, or unset `{other}`": "同时设置 `{one}`，或取消设置 `{other}`",
  'Cannot tell where `{name}` belongs: no endpoint is configured for "{model}"':
    "不知道 `{name}` 属于哪里：没有为“{model}”配置接口",
  'Cannot tell where `{name}` belongs: no endpoint is configured for "{model}" of {source}':
    "不知道 `{name}` 属于哪里：没有为 {source} 的“{model}”配置接口",
  "set `{name}` to the base URL of its service, or run `qwen auth`":
    "将 `{name}` 设为其服务的 Base URL，或运行 `qwen auth`",
  "Cannot use {what}: {why}": "无法使用 {what}：{why}",
  "expected an object of names and texts": "应为名称和文本组成的对象",
  "write headers as {json}": "请求头应写成 {json}",
  "it is the endpoint's": "它属于接口",
  'the header "{name}" of {source} is left out: {why}': "已省略 {source} 的请求头“{name}”：{why}",
  'the header "{name}" is the endpoint\'s': "请求头“{name}”由接口决定",
  'leave "{name}" out': "去掉“{name}”",
  "{name} is no name of a header": "{name} 不是请求头名称",
  "use letters, digits and `-` in names of headers": "请求头名称只能使用字母、数字和 `-`",
  'the header "{name}" is not for settings to set': "请求头“{name}”不能由设置指定",
  'remove "{name}"': "删除“{name}”",
  'the value of "{name}" is no text that a header can hold': "“{name}”的值不能用作请求头",
  "write it as a text": "请写成文本",
  "use ASCII only: headers hold nothing else": "只能使用 ASCII 字符",
  "nothing fills `{name}`": "没有 `{name}` 的值",
  "answers no chat: it is `{what}`": "不能对话：它是 `{what}`",
  'wants `wireApi` "responses", which is not supported here':
    '要求 `wireApi` 为 "responses"，此程序不支持',
  "`{name}` in `{path}`": "`{path}` 中的 `{name}`",
  "{what} is ignored: expected a string": "已忽略 {what}：应为字符串",
  "{what} is no name of a variable": "{what} 不是变量名",
  "{what} holds a key; it wants the name of a variable": "{what} 中是密钥；应为变量名",
  "write the key to `env.NAME` and NAME to `envKey`, or run `qwen auth api-key`":
    "将密钥写入 `env.NAME`，NAME 写入 `envKey`，或运行 `qwen auth api-key`",
  "{what} is not read: {why}": "未读取 {what}：{why}",
  "`{name}` in `{path}` is not read: {why}": "未读取 `{path}` 中的 `{name}`：{why}",
  "where a model fails, no other one is asked": "一个模型失败时，不会改用其他模型",
  "no log of requests is kept; `--debug` tells what was done":
    "不保存请求日志；`--debug` 显示所做的事",
  "a set-up is looked through before every question": "每次提问前都会检查设置",
  "a header that holds the id of a session is left out": "含会话 ID 的请求头会被省略",
  "thinking is asked for as the host of the endpoint takes it": "思考参数按接口主机的方式发送",
  "`qwen trust --list` shows which folders are trusted": "`qwen trust --list` 显示受信任的文件夹",
  "an answer may take as long as it comes": "只要持续有内容，回答的时长不限",
  "what DashScope alone knows goes to hosts of Alibaba Cloud alone":
    "DashScope 专用的内容只发送给阿里云的主机",
  "{what} is not read: did you mean `{name}`?": "未读取 {what}：是否指 `{name}`？",
  "`{name}` of `{path}` is left out: {why}": "已省略 `{path}` 的 `{name}`：{why}",
  "they are not for the endpoint of the command line": "不适用于命令行指定的接口",
  "they serve models without an entry": "仅用于没有条目的模型",
  "{names} of `model.generationConfig` in `{path}` are left out: {why}":
    "已省略 `{path}` 中 `model.generationConfig` 的 {names}：{why}",
  "a project cannot take the limit away": "项目不能取消限制",
  "the account belongs to another endpoint": "该账号属于另一个接口",
  "the endpoint is the project's, and its folder is not trusted":
    "接口属于项目，而其文件夹未受信任",
  "it is the project's, the key is yours, and the folder is not trusted":
    "它属于项目，密钥属于你，而该文件夹未受信任",
  "it is the project's, the endpoint is yours, and the folder is not trusted":
    "它属于项目，接口属于你，而该文件夹未受信任",
  "a part of it is the project's, the key is yours, and the folder is not trusted":
    "其中一部分属于项目，密钥属于你，而该文件夹未受信任",
  "a part of it is the project's, the endpoint is yours, and the folder is not trusted":
    "其中一部分属于项目，接口属于你，而该文件夹未受信任",
  "the variable {name} is not set": "未设置变量 {name}",
  'Cannot use the model "{model}": {why}': "无法使用模型“{model}”：{why}",
  "Cannot tell which model to use: {why}": "不知道要用哪个模型：{why}",
  "expected a string": "应为字符串",
  "expected a name that is not empty": "应为非空名称",
  "expected a model": "应为模型",
  "`{model}` stands twice in `modelProviders` with the same base URL":
    "`{model}` 在 `modelProviders` 中以相同的 Base URL 出现两次",
  "; `--model {model}@{host}` uses the second": "；`--model {model}@{host}` 使用第二个",
  "`{name}` in `{path}` is not read: did you mean `{word}`?":
    "未读取 `{path}` 中的 `{name}`：是否指 `{word}`？",
  "write `{name}` instead": "请改写为 `{name}`",
  "{what} was ignored: expected an array": "已忽略 {what}：应为数组",
  "put each model as an object into an array, with its `id`":
    "将每个模型写成含 `id` 的对象，放入数组",
  "{what} was ignored: `{name}` is no protocol, and `providerProtocol` does not map it to one":
    "已忽略 {what}：`{name}` 不是协议，`providerProtocol` 也没有映射",
  "map it, as with `{json}`": "添加映射，例如 `{json}`",
  "{what} is empty, and hides the models of `{path}`": "{what} 为空，并覆盖了 `{path}` 的模型",
  "add `--no-project` to leave the project's files out": "加 `--no-project` 忽略项目文件",
  "remove it from `{path}`": "从 `{path}` 中删除",
  "`{name}` in `{path}` was ignored: it is a project's": "已忽略 `{path}` 中的 `{name}`：属于项目",
  "`apiKeyHelper` in `{path}` was ignored: it belongs to another user (uid {uid})":
    "已忽略 `{path}` 中的 `apiKeyHelper`：文件属于其他用户（uid {uid}）",
  "; `{path}` sets it and was not read": "；`{path}` 设置了它，但未读取",
  "{name} is not set{more}: asked without a key": "未设置 {name}{more}：不使用密钥提问",
  '{name} is set and not used: the entry "{model}" names no `envKey`':
    "已设置 {name} 但未使用：条目“{model}”没有 `envKey`",
  "the key is the project's, {one}; it hides yours, {other} (`--no-project` takes that)":
    "密钥来自项目（{one}），覆盖了你的密钥（{other}）；用 `--no-project` 可采用自己的",
  "`env.{name}` in `{path}` was ignored: expected a string":
    "已忽略 `{path}` 中的 `env.{name}`：应为字符串",
  "`env.{name}` in `{path}` was ignored: this variable is never taken from a file":
    "已忽略 `{path}` 中的 `env.{name}`：不从文件读取此变量",
  "it knows {names}": "可用的值为 {names}",
  "write it as {json}, or false": "写成 {json} 或 false",
  "it knows `effort` and `budget_tokens`": "可用的字段为 `effort` 和 `budget_tokens`",
  "it is a number of tokens": "应为 Token 数",
  "`{name}` of `{path}` is not understood: {why}": "无法理解 `{path}` 的 `{name}`：{why}",
  "`{name}` of `{path}` is ignored: its type is wrong": "已忽略 `{path}` 的 `{name}`：类型不正确",
  "`{name}` of `{path}` is cut to {time} ms: it is the project's":
    "`{path}` 的 `{name}` 缩短为 {time} 毫秒：它属于项目",
  "{what} is ignored: it is no number of tokens": "已忽略 {what}：不是 Token 数",
  "{what} is ignored: it is no number of milliseconds": "已忽略 {what}：不是毫秒数",
  "{what} was ignored: it is not supported here": "已忽略 {what}：此程序不支持",
  "{what} is ignored: its models are of `{name}`": "已忽略 {what}：其中的模型属于 `{name}`",
  "expected true or false": "应为 true 或 false",
  "`{name}` of `{path}` is cut to {count}": "`{path}` 的 `{name}` 减为 {count}",
  "`{name}` of `{path}` is sent as it is: nothing fills `{reference}`":
    "原样发送 `{path}` 的 `{name}`：没有 `{reference}` 的值",
  'the model "{model}" is asked for as it is: nothing fills `{reference}`':
    "原样使用模型名“{model}”：没有 `{reference}` 的值",
  '`codingPlan.region` "{name}" is unknown; {region} is used':
    "`codingPlan.region`“{name}”未知；使用 {region}",
  "`{name}` is not set": "未设置 `{name}`",
  "set `{name}`, or correct `{other}`": "设置 `{name}`，或更正 `{other}`",
  "{host} is reached over plain http: the key can be read on the way":
    "以明文 http 连接 {host}：密钥可能在途中被读取",
  "the base URL ends before `{path}`, which is added to it: {url} is used":
    "Base URL 应在 `{path}` 之前结束，该部分会自动追加：使用 {url}",
  "the environment": "环境变量",
  "Cannot use `{name}` of {source} as an endpoint: {why}":
    "无法将 {source} 的 `{name}` 用作接口：{why}",
  "Cannot use the value of `{name}` as a key: {why}": "无法将 `{name}` 的值用作密钥：{why}",
  "give the key alone": "只提供密钥本身",
  "Cannot take a key from the variable `{name}` (`{field}` in `{path}`): it is reserved":
    "无法从变量 `{name}`（`{path}` 中的 `{field}`）取得密钥：该名称已保留",
  "give `envKey` a name such as `MY_PROVIDER_API_KEY`":
    "将 `envKey` 设为 `MY_PROVIDER_API_KEY` 之类的名称",
  "the endpoint of `{name}`": "`{name}` 的接口",
  '"{model}" is not configured; it is sent as it is to {place}':
    "未配置“{model}”；将原样发送给 {place}",
  '"{model}" is configured for several endpoints; {url} is used; choose one with {flag}':
    "“{model}”配置了多个接口；使用 {url}；可用 {flag} 选择",
  '"{model}" is configured for several endpoints; the first is used; choose one with {flag}':
    "“{model}”配置了多个接口；使用第一个；可用 {flag} 选择",
  "a model": "模型",
  'the model "{model}"': "模型“{model}”",
  "choose another model, or an endpoint that speaks chat completions":
    "选择其他模型，或支持 Chat Completions 的接口",
  "; `--no-project` leaves that file out": "；`--no-project` 可忽略该文件",
  '"{model}" of `{path}` is hidden: `{file}` has its own `modelProviders.{name}`; "{word}" is used{more}':
    "`{path}` 的“{model}”被覆盖：`{file}` 有自己的 `modelProviders.{name}`；使用“{word}”{more}",
  'Cannot find the model "{model}" of `{path}` in `modelProviders.{name}`':
    "在 `modelProviders.{name}` 中找不到 `{path}` 的模型“{model}”",
  "set `model.name` to one of: {names}{more}": "将 `model.name` 设为以下之一：{names}{more}",
  ", or add `--no-project`": "，或加 `--no-project`",
  "Cannot use the proxy of `{name}`: only http:// and https:// proxies are supported":
    "无法使用 `{name}` 的代理：只支持 http:// 和 https:// 代理",
  'Cannot use "{name}": `{path}` enforces "{word}"': "无法使用“{name}”：`{path}` 强制使用“{word}”",
  'use a model of "{name}", or add `--no-project`': "使用“{name}”的模型，或加 `--no-project`",
  'use a model of "{name}", or ask whoever maintains that file':
    "使用“{name}”的模型，或联系该文件的维护者",
  "Cannot use `{name}` with `--auth-type {word}`": "`{name}` 不能与 `--auth-type {word}` 同用",
  "Cannot use `--auth-type {name}`: {why}": "无法使用 `--auth-type {name}`：{why}",
  '`{name}` in `{path}` is "{word}"': "`{path}` 中的 `{name}` 为“{word}”",
  '`{name}` is "{word}"': "`{name}` 为“{word}”",
  "Cannot tell how to authenticate: {what}; {why}": "不知道如何认证：{what}；{why}",
  "select one of {names}": "请选择 {names} 之一",
  "it is not supported here": "此程序不支持",
  "it is unknown": "未知",
  "{name} is not read: use {other}": "未读取 {name}：请使用 {other}",
  "{names} is set, and nothing uses it: run `{command}`":
    "已设置 {names}，但没有使用：运行 `{command}`",
  "{names} of the shell is not used: `{name}` in `{path}` goes before":
    "未使用 shell 中的 {names}：`{path}` 中的 `{name}` 优先",
  "{names} of the shell are not used: `{name}` in `{path}` goes before":
    "未使用 shell 中的 {names}：`{path}` 中的 `{name}` 优先",
};
