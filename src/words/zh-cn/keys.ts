import type { Table } from "../lexicon.ts";

/** Keys: what they may be, keyrings and helpers, what wins over what was written. */
export const KEYS: Table = {
  "it stood behind `Bearer`, which was taken off": "前面带有 `Bearer`，已去掉",
  "it stood in quotes, which were taken off": "密钥带有引号，已去掉",
  "it is empty": "内容为空",
  "it is UTF-16 text; save it as UTF-8": "内容为 UTF-16；请另存为 UTF-8",
  "it has more than one line": "内容超过一行",
  'it holds "…": copy the whole key, not the shortened one that is shown on screens':
    "含有“…”：请复制完整的密钥，而不是屏幕上的缩略形式",
  "it contains white space": "含有空白字符",
  "it contains control characters": "含有控制字符",
  "it holds a character that no key has (U+{code})": "含有密钥中不会出现的字符（U+{code}）",
  "it is the hidden form of a key: copy the key itself": "这是隐藏后的密钥：请复制密钥本身",
  "it is the name of a variable, which nothing replaced: give its value":
    "这是未被替换的变量名：请提供变量的值",
  "it is a URL": "这是一个 URL",
  "it is an assignment (NAME=value): give the value alone":
    "这是赋值语句（NAME=value）：请只提供值",
  "it looks like a placeholder: put your own key in its place": "看起来是占位符：请换成自己的密钥",
  "it begins with `{sign}`, which may not belong to it": "以 `{sign}` 开头，可能不属于密钥",
  "it ends in `{sign}`, which may not belong to it": "以 `{sign}` 结尾，可能不属于密钥",
  "Cannot find the key: the keyring has no item for `{name}`": "找不到密钥：密钥环中没有 `{name}`",
  "set it up again with `--store keyring`, or take `{name}` out of `security.auth.keyring`":
    "用 `--store keyring` 重新设置，或从 `security.auth.keyring` 中去掉 `{name}`",
  "Cannot use the item of `{name}` in the keyring: it is no key: {why}":
    "无法使用密钥环中的 `{name}`：不是密钥：{why}",
  "set it up again with `--store keyring`": "用 `--store keyring` 重新设置",
  "Cannot get the key of `{name}` from {place}: {why}":
    "无法从 {place} 取得 `{name}` 的密钥：{why}",
  "its helper": "其密钥助手",
  "its helper `{name}`": "其密钥助手 `{name}`",
  "run its command by hand: `{command}` in `{path}`": "手动运行其命令：`{path}` 中的 `{command}`",
  "the key of {name}: {why}": "{name} 的密钥：{why}",
  "unlock the keyring, or give the key in another way, such as the variable `{name}`":
    "解锁密钥环，或以其他方式提供密钥，例如变量 `{name}`",
  "run it where the keyring is open, or keep that key in a file: `{command}`":
    "请在密钥环已打开的会话中运行，或将该密钥存入文件：`{command}`",
  "run it where the keyring is open, or use an account for one command: `{command}`":
    "请在密钥环已打开的会话中运行，或仅为一条命令使用账号：`{command}`",
  "accounts in the keyring were not compared: {why}": "未比较密钥环中的账号：{why}",
  "read `{name}` from the keyring": "从密钥环读取 `{name}`",
  "save the key in the keyring": "将密钥存入密钥环",
  "unlock the keyring, or leave `--store keyring` out: files that only you can read are used then":
    "解锁密钥环，或去掉 `--store keyring`，改用只有你能读取的文件",
  "remove `{name}` from the keyring": "从密钥环删除 `{name}`",
  "unlock the keyring, or take `{name}` out of `security.auth.keyring` in your settings":
    "解锁密钥环，或从设置的 `security.auth.keyring` 中去掉 `{name}`",
  "it did not answer in {seconds} s": "{seconds} 秒内没有响应",
  "libsecret is not installed": "未安装 libsecret",
  "there is no D-Bus session": "没有 D-Bus 会话",
  "it is locked, or there is none ({why})": "密钥环已锁定或不存在（{why}）",
  "its command names no program, or a quote in it is not closed": "其命令没有程序名，或引号未闭合",
  "there is no such program on `PATH`; one elsewhere needs its whole path, or `~/`":
    "`PATH` 中没有此程序；位于别处时请写完整路径或 `~/`",
  "it did not end in {seconds} s": "{seconds} 秒内没有结束",
  "it printed more than 64 KiB": "输出超过 64 KiB",
  "it ended with a signal{more}": "被信号终止{more}",
  "it ended with exit code {count}{more}": "以退出码 {count} 结束{more}",
  "what it printed is no key: {why}": "其输出不是密钥：{why}",
  "Cannot find the region of the key: no region of {name} accepts it":
    "无法判断密钥的地域：{name} 的所有地域都不接受它",
  "Cannot find the region of the key: {why}": "无法判断密钥的地域：{why}",
  "name the region with `--region`, or try again later": "用 `--region` 指定地域，或稍后重试",
  "check the key, or make a new one where the provider shows its keys":
    "检查密钥，或在服务商的密钥页面创建新密钥",
  "run `{command}`: the key works at {place}": "运行 `{command}`：密钥在 {place} 可用",
  "Cannot listen on {address}: {why}": "无法监听 {address}：{why}",
  "name another place with `--listen`": "用 `--listen` 指定其他地址",
  "`{name}` is ignored: certificates are always checked; `--ca-cert FILE` names one to trust":
    "`{name}` 已忽略：证书始终会检查；可用 `--ca-cert FILE` 指定受信任的证书",
  "{source} still supplies `{name}`": "{source} 仍提供 `{name}`",
  "{path} still holds a key; `qwen auth logout --all` removes it":
    "{path} 仍保存着密钥；`qwen auth logout --all` 可删除",
  "`{path}` still sets `{name}`, though another .env hides it":
    "`{path}` 仍设置 `{name}`，但被另一个 .env 覆盖",
  "kept, as written by hand: {what}": "手动写入的内容已保留：{what}",
  "what was just written has no effect: {why}": "刚写入的内容不起作用：{why}",
  "the account that `QWEN_ACCOUNT` names wins over the key just written":
    "`QWEN_ACCOUNT` 指定的账号优先于刚写入的密钥",
  "the model of {source} wins over the one just written": "{source} 的模型优先于刚写入的模型",
  "{source} wins: requests go to {url}": "{source} 优先：请求将发往 {url}",
  "nothing can be sent from this folder: {why}": "无法从此文件夹发送任何内容：{why}",
  "`{path}` is now 0600 (it was {mode})": "`{path}` 的权限现为 0600（原为 {mode}）",
  "`{path}` is now 0700 (it was {mode})": "`{path}` 的权限现为 0700（原为 {mode}）",
  "try again later, or leave `--verify` out": "稍后重试，或去掉 `--verify`",
  "use `--base-url {url}`": "使用 `--base-url {url}`",
  "the keyring ({why})": "密钥环（{why}）",
  "qwen: the tool asked for {model}, which is none of this endpoint's: {other} was asked instead (`--allow-any-model` passes every model on)":
    "qwen：工具请求了此接口没有的 {model}，已改用 {other}（`--allow-any-model` 会转发任何模型）",
  'it holds full-width characters, such as "{sign}": type it with the input method off':
    "密钥含有全角字符，例如“{sign}”：请关闭输入法后重新输入",
};
