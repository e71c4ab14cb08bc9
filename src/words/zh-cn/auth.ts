import type { Table } from "../lexicon.ts";

/** Why a command of `qwen auth` cannot do what it should. */
export const AUTH: Table = {
  "Cannot use `--model auto` with `--no-verify`: it asks the service":
    "`--model auto` 不能与 `--no-verify` 同用：它需要询问服务",
  "name the models, or leave `--no-verify` out": "指定模型，或去掉 `--no-verify`",
  "`--header` is visible in the process list and in shell history; `--header 'NAME=$VARIABLE'` takes the value from a variable":
    "`--header` 会出现在进程列表和 shell 历史中；`--header 'NAME=$VARIABLE'` 可从变量取值",
  "Cannot use `--region` alone: regions belong to a provider":
    "不能单独使用 `--region`：地域属于服务商",
  "add `--provider NAME`, such as `--provider modelstudio`":
    "加 `--provider NAME`，例如 `--provider modelstudio`",
  'Cannot use the protocol "{name}": it is unknown': "无法使用协议“{name}”：未知",
  "choose {one} or {other}": "请选择 {one} 或 {other}",
  "Cannot use `--protocol {name}`: {provider} speaks {other}":
    "无法使用 `--protocol {name}`：{provider} 使用 {other}",
  "leave `--protocol` out, or use `--base-url` alone": "去掉 `--protocol`，或只用 `--base-url`",
  "Cannot use the value of `--env-key`: it is not the name of a variable":
    "无法使用 `--env-key` 的值：不是变量名",
  "write `--env-key MY_API_KEY`; a key itself goes to `--key-stdin`":
    "写成 `--env-key MY_API_KEY`；密钥本身请用 `--key-stdin`",
  "Cannot keep a key in the variable `{name}`: it is reserved":
    "无法将密钥存入变量 `{name}`：该名称已保留",
  "choose a name such as `MY_PROVIDER_API_KEY`": "请使用 `MY_PROVIDER_API_KEY` 之类的名称",
  "Cannot use `--name` with {provider}: it has a name": "{provider} 不能使用 `--name`：它已有名称",
  "Cannot use `--anthropic-base-url` with an endpoint that speaks anthropic itself":
    "接口本身使用 anthropic 协议，不能用 `--anthropic-base-url`",
  "the token was renewed for {host}: run the command again":
    "令牌已续期，用于 {host}：请重新运行命令",
  "give that URL to `--base-url`": "将该 URL 用于 `--base-url`",
  "leave `--name` out; it is for endpoints given with `--base-url`":
    "去掉 `--name`；它用于 `--base-url` 指定的接口",
  "Cannot use the value of `--name`: it is empty or has odd characters":
    "无法使用 `--name` 的值：为空或含有特殊字符",
  'write a short label, such as `--name "Our vLLM"`': '写一个简短的名称，例如 `--name "Our vLLM"`',
  "a key": "密钥",
  "Cannot use `--no-key` with {provider}: it wants a key":
    "{provider} 不能使用 `--no-key`：它需要密钥",
  "Cannot use `--no-key` together with {flag}": "`--no-key` 不能与 {flag} 同用",
  "leave one of the two out": "去掉其中一个",
  "leave one of them out": "去掉其中一个",
  "Cannot run a tool: none is named": "无法运行工具：未指定",
  "name a program, such as `qwen auth run -- claude`": "指定程序，例如 `qwen auth run -- claude`",
  "there is no such program": "没有此程序",
  "Cannot run `{name}`: {why}": "无法运行 `{name}`：{why}",
  "name a program that may be executed": "指定可执行的程序",
  "install it, or name its path": "安装它，或指定其路径",
  "Anthropic-compatible endpoint": "兼容 Anthropic 的接口",
  "OpenAI-compatible endpoint": "兼容 OpenAI 的接口",
  "Gemini endpoint": "Gemini 接口",
  "Cannot run {tool} with {name}: it has no {what}": "无法用 {name} 运行 {tool}：它没有{what}",
  "run `qwen auth switch` to a model of {what}": "运行 `qwen auth switch` 切换到 {what} 的模型",
  "{hint}; or use codex 0.80.0 with `--recipe generic`, which speaks Chat":
    "{hint}；或使用 codex 0.80.0 和 `--recipe generic`（使用 Chat 协议）",
  "{hint}; for an endpoint of your own add `--anthropic-base-url URL`":
    "{hint}；自己的接口请加 `--anthropic-base-url URL`",
  'Cannot make "{model}" the default: it is not among the models':
    "无法将“{model}”设为默认：它不在模型列表中",
  "choose one of {ids}, or name yours with `--models`": "请选择 {ids} 之一，或用 `--models` 指定",
  'Cannot write for the shell "{name}": it is unknown': "无法为 shell“{name}”输出：未知",
  "choose sh (bash, zsh), fish or pwsh": "请选择 sh（bash、zsh）、fish 或 pwsh",
  "left out: the model, which {source} chose": "已省略由 {source} 选择的模型",
  "Cannot print variables: {name} is a project's, and its folder is not trusted":
    "无法输出变量：{name} 属于项目，而其文件夹未受信任",
  "add `--trust` if you trust this folder, or `--no-project` to leave its files out":
    "信任此文件夹时加 `--trust`，或用 `--no-project` 忽略其中的文件",
  "Cannot keep an account: the server wants no key, and none was given":
    "无法保存账号：服务器不需要密钥，也未提供",
  "leave `--account` out, or give a key with `--key-stdin`":
    "去掉 `--account`，或用 `--key-stdin` 提供密钥",
  "the settings cannot be used as they are: {why}": "当前设置不可用：{why}",
  "{source} wins over Qwen OAuth; see `qwen auth status`":
    "{source} 优先于 Qwen OAuth；参见 `qwen auth status`",
  "Cannot use `--all` with `--provider`": "`--all` 不能与 `--provider` 同用",
  "Cannot use `--account` with `--{name}`": "`--account` 不能与 `--{name}` 同用",
  "{what}; `--trust` has it read this time": "{what}；`--trust` 可在本次读取",
  'Cannot log out of "{name}": several endpoints are called so': "无法退出“{name}”：有多个同名接口",
  "choose {names}": "请选择 {names}",
  'Cannot log out of "{name}": no such provider is known or configured':
    "无法退出“{name}”：没有此服务商",
  "see `qwen auth list` for what is configured": "用 `qwen auth list` 查看已配置的内容",
  "tokens of Qwen OAuth are stored in `{path}`; `qwen auth logout --provider qwen-oauth` removes them":
    "Qwen OAuth 令牌保存在 `{path}`；可用 `qwen auth logout --provider qwen-oauth` 删除",
  "{why}; `qwen auth list` shows what is configured, `--provider NAME` or `--all` removes it":
    "{why}；`qwen auth list` 显示已配置的内容，`--provider NAME` 或 `--all` 可删除",
  "Cannot ask for an authentication method: {why}": "无法询问认证方式：{why}",
  "run `qwen auth coding-plan --help` or `qwen auth api-key --help` for the flags":
    "运行 `qwen auth coding-plan --help` 或 `qwen auth api-key --help` 查看参数",
  "the tokens were saved in `{path}`": "令牌已保存到 `{path}`",
  "Cannot log in with Qwen OAuth without `--force`: {why}, and {more}":
    "未加 `--force`，无法登录 Qwen OAuth：{why}，且{more}",
  "{hint}; add `--force` to try all the same": "{hint}；仍要尝试请加 `--force`",
  "Qwen OAuth: {why}; requests may be refused": "Qwen OAuth：{why}；请求可能被拒绝",
  "Instead: qwen auth coding-plan, or qwen auth api-key":
    "请改用：qwen auth coding-plan 或 qwen auth api-key",
  "Cannot log in with Qwen OAuth: the network is not allowed":
    "无法登录 Qwen OAuth：不允许使用网络",
  "Cannot refresh the token of Qwen OAuth: the network is not allowed":
    "无法刷新 Qwen OAuth 令牌：不允许使用网络",
  "leave out `--offline` and unset `QWEN_OFFLINE`": "去掉 `--offline`，并取消设置 `QWEN_OFFLINE`",
  "git tracks {what}": "git 正在跟踪{what}",
  "git does not ignore {what}": "git 没有忽略{what}",
  "this file": "此文件",
  "that file": "该文件",
  "`{path}`, which it is a link to": "它链接到的 `{path}`",
  "Cannot write a key to `{path}`: {why}": "无法将密钥写入 `{path}`：{why}",
  "run `git rm --cached {path}` and ignore it, or repeat with `--force`":
    "运行 `git rm --cached {path}` 并忽略它，或加 `--force` 重试",
  "add {path} to .gitignore, or repeat with `--force`":
    "将 {path} 加入 .gitignore，或加 `--force` 重试",
  'Cannot use the recipe "{name}": it is unknown': "无法使用配方“{name}”：未知",
  "choose one of {names}": "请选择 {names} 之一",
  "Cannot use `--summary` with `--no-summary`": "`--summary` 不能与 `--no-summary` 同用",
  "Cannot run `{name}`: the system does not start it ({why})":
    "无法运行 `{name}`：系统未能启动它（{why}）",
  "look at its first line: it may name an interpreter that is missing":
    "查看其第一行：可能指定了不存在的解释器",
  "{name} is this program, which uses the broker itself; for Qwen Code run {command}":
    "{name} 是本程序，它自己使用代理服务；Qwen Code 请运行 {command}",
  "{name} gets the key itself: nothing hides it": "{name} 会直接得到密钥，没有隐藏",
  "{name} is set: releases of Qwen Code that ignore NO_PROXY (such as 0.15.6) do not reach the broker":
    "已设置 {name}：忽略 NO_PROXY 的 Qwen Code 版本（例如 0.15.6）无法连接代理服务",
  "the terms of the plan are for interactive coding tools, not for scripts":
    "套餐条款仅允许用于交互式编程工具，不允许用于脚本",
  "Cannot use `--allow-host`: it is no name of a host": "无法使用 `--allow-host`：不是主机名",
  "write the name alone, such as `--allow-host host.docker.internal`":
    "只写主机名，例如 `--allow-host host.docker.internal`",
  "Cannot use `--ready-fd`: it is no number of a descriptor from 2 on":
    "无法使用 `--ready-fd`：不是 2 以上的描述符编号",
  "write `--ready-fd 3`": "写成 `--ready-fd 3`",
  "Cannot write the variables to `{path}`: {why}": "无法将变量写入 `{path}`：{why}",
  "the broker that wrote it is still there": "写入它的代理仍在运行",
  "name a new file with `--env-file`": "用 `--env-file` 指定新文件",
  "other machines may reach this address; the token is all they need":
    "其他机器可能访问此地址；只需令牌即可使用",
  "serving {name} on {address}; variables in {path}": "正在 {address} 提供 {name}；变量写入 {path}",
  "Cannot write to descriptor {number}: {why}": "无法写入描述符 {number}：{why}",
  "open the descriptor of `--ready-fd` before": "请先打开 `--ready-fd` 的描述符",
  "Cannot change the key: no variable is in force that holds one":
    "无法更换密钥：没有保存密钥的变量",
  "name one: `qwen auth set-key PROVIDER`, or set it up with `qwen auth`":
    "请指定：`qwen auth set-key PROVIDER`，或用 `qwen auth` 设置",
  "Cannot change the key: the word is no provider with a key, nor a variable":
    "无法更换密钥：此词既不是有密钥的服务商，也不是变量",
  "write `qwen auth set-key PROVIDER` or `VARIABLE`; a key goes to `--key-stdin`":
    "写成 `qwen auth set-key PROVIDER` 或 `VARIABLE`；密钥请用 `--key-stdin`",
  "Cannot change the key: nothing uses `{name}`": "无法更换密钥：没有使用 `{name}` 的配置",
  "set it up with `qwen auth api-key`; `qwen auth list` shows what there is":
    "用 `qwen auth api-key` 设置；`qwen auth list` 可查看现有配置",
  "the key of {source} wins over the one just written": "{source} 的密钥优先于刚写入的密钥",
  "{name} (not in force)": "{name}（未生效）",
  "Cannot switch the account in a project's settings: it is yours alone":
    "无法在项目设置中切换账号：账号只属于个人",
  "leave `--scope project` out": "去掉 `--scope project`",
  "leave out `--scope project`": "去掉 `--scope project`",
  'Cannot switch to "{name}": no model at {url} uses `{key}`':
    "无法切换到“{name}”：{url} 没有使用 `{key}` 的模型",
  "set one up: `{command}`": "请先设置：`{command}`",
  'Cannot find the key of the account "{name}": the keyring has none':
    "找不到账号“{name}”的密钥：密钥环中没有",
  "store it again: `{command}`": "请重新保存：`{command}`",
  "Cannot switch the account: the key in force has no name, and would be lost":
    "无法切换账号：当前密钥没有名称，切换后会丢失",
  "Cannot switch the account: no account in a file has the key in force, and the keyring cannot be asked: {why}":
    "无法切换账号：文件中没有账号使用当前密钥，且无法查询密钥环：{why}",
  "name it first: `{command}` with its provider": "请先为它命名：`{command}`，并指定服务商",
  "Cannot switch the account: nothing says where `{name}` belongs":
    "无法切换账号：不知道 `{name}` 属于哪里",
  "set it up with `qwen auth api-key --base-url URL`": "用 `qwen auth api-key --base-url URL` 设置",
  "Cannot switch the model: none is configured": "无法切换模型：尚未配置",
  "Cannot switch the model: none was given and {why}": "无法切换模型：未指定，且{why}",
  "write `qwen auth switch ID`; `qwen models` lists the ids":
    "写成 `qwen auth switch ID`；`qwen models` 可列出 ID",
  "{what}; `qwen auth status` says what to do": "{what}；`qwen auth status` 会给出解决办法",
};
