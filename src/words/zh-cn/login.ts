import type { Table } from "../lexicon.ts";

/** What is written, removed and refreshed. */
export const LOGIN: Table = {
  "removed, as their key or endpoint is replaced: {what}": "已删除（其密钥或接口被替换）：{what}",
  "removed, as the list of models is replaced: {what}": "已删除（模型列表被替换）：{what}",
  "headers and bodies for the endpoint of before are left out of: {what}":
    "以下模型未保留原接口的请求头和请求体：{what}",
  "kept at another region, where this key may be none: {what}":
    "已保留在其他地域的模型（此密钥在那里可能无效）：{what}",
  "kept, though `{name}` was removed: {what}": "已保留（尽管删除了 `{name}`）：{what}",
  "Cannot change `modelProviders.{name}`: it is not an array":
    "无法修改 `modelProviders.{name}`：它不是数组",
  "correct the file with an editor; it was left as it is": "请用编辑器更正此文件；文件未改动",
  "correct the file with an editor, or add `--no-project`":
    "请用编辑器更正此文件，或加 `--no-project`",
  "the keyring": "密钥环",
  "the accounts": "账号",
  "`{name}` was removed from the keyring": "已从密钥环删除 `{name}`",
  "{name} was removed from {place}": "已从 {place} 删除 {name}",
  "{names} were removed from {place}": "已从 {place} 删除 {names}",
  "the tokens in `{path}` were removed": "已删除 `{path}` 中的令牌",
  "Cannot write this key to settings: a part of it would be taken for a variable (`$NAME`)":
    "无法将此密钥写入设置：其中一部分会被当作变量（`$NAME`）",
  "add `--store env-file`": "加 `--store env-file`",
  "the key was put into {place}": "密钥已写入 {place}",
  "a copy of the key may still be beside the settings: {why}": "设置旁可能还有密钥的副本：{why}",
  "a copy of the key may still be in the keyring: {why}": "密钥环中可能还有密钥的副本：{why}",
  "a key was taken out of `{path}`, a copy of the settings": "已从设置副本 `{path}` 中删除密钥",
  "a copy of the key may still be in `{path}`: {why}": "`{path}` 中可能还有密钥的副本：{why}",
  'the key of the account "{name}" was changed': "已更换账号“{name}”的密钥",
  'Cannot switch to "{model}" in your settings: only `{path}` has it':
    "无法在设置中切换到“{model}”：只有 `{path}` 中有它",
  "add `--scope project`": "加 `--scope project`",
  'Cannot make "{model}" with `{url}` the default: another entry of the same id and base URL stands before it':
    "无法将 `{url}` 的“{model}”设为默认：前面已有 ID 和 Base URL 相同的条目",
  "use it with `--model {model}`, or move it up in `modelProviders`":
    "用 `--model {model}` 使用它，或在 `modelProviders` 中前移",
  "the answer is {what}": "返回的是{what}",
  "a web page": "网页",
  "not JSON": "非 JSON 内容",
  "Cannot take `{name}` from `{path}`: only the shell may set it":
    "无法从 `{path}` 读取 `{name}`：只能由 shell 设置",
  "remove it there, or set `{name}` in the shell": "从该文件中删除，或在 shell 中设置 `{name}`",
  "Cannot use `{path}`: {why}": "无法使用 `{path}`：{why}",
  "write it like `https://accounts.example`; http:// only works for this machine":
    "写成 `https://accounts.example` 的形式；http:// 只能用于本机",
  "try again later, or {hint}": "稍后重试，或{hint}",
  "others can read `{path}`, which holds tokens (mode {mode}): run `chmod 600 {file}`":
    "其他人可以读取保存令牌的 `{path}`（权限 {mode}）：运行 `chmod 600 {file}`",
  "remove what stands there, and log in again": "删除那里的内容，然后重新登录",
  "`access_token` is no token": "`access_token` 不是令牌",
  "`refresh_token` is no token": "`refresh_token` 不是令牌",
  "`token_type` is no text": "`token_type` 不是文本",
  "`expiry_date` is no number": "`expiry_date` 不是数字",
  "`resource_url` is no text": "`resource_url` 不是文本",
  "run `qwen auth logout --provider qwen-oauth` to remove it, and log in again":
    "运行 `qwen auth logout --provider qwen-oauth` 删除它，然后重新登录",
  "it is not valid JSON": "不是有效的 JSON",
  "expected an object": "应为对象",
  "the answer has no code, or no page to approve it": "返回内容没有代码或确认页面",
  "Cannot {action}: the login was denied": "无法{action}：登录被拒绝",
  "approve it next time, or {hint}": "下次请确认登录，或{hint}",
  "Cannot {action}: the code expired before the login was approved":
    "无法{action}：代码在确认登录前已过期",
  "run `qwen auth qwen-oauth` again for a new code": "再次运行 `qwen auth qwen-oauth` 获取新代码",
  "Cannot {action}: {host} refuses the login{more}; {why}":
    "无法{action}：{host} 拒绝登录{more}；{why}",
  "it has expired, and there is no refresh token": "令牌已过期，且没有刷新令牌",
  "the new tokens of Qwen OAuth are not saved, which is tried again at the end: {why}":
    "Qwen OAuth 的新令牌未能保存，结束时会再试：{why}",
  "the new tokens of Qwen OAuth are saved now": "Qwen OAuth 的新令牌现已保存",
  "the new tokens of Qwen OAuth are lost, so log in again (`qwen auth qwen-oauth --force`): {why}":
    "Qwen OAuth 的新令牌已丢失，请重新登录（`qwen auth qwen-oauth --force`）：{why}",
  "the token of Qwen OAuth was not refreshed: {why}": "Qwen OAuth 令牌未刷新：{why}",
  "Cannot {action}: the new one could not be kept, so none was asked for. {why}":
    "无法{action}：新令牌无法保存，因此没有申请。{why}",
  "{host} does not take the refresh token{more}": "{host} 不接受刷新令牌{more}",
  "{what}, so the stored tokens were removed": "{what}，因此已删除保存的令牌",
  "{what}, and the stored tokens could not be removed ({why})":
    "{what}，且无法删除保存的令牌（{why}）",
  "Cannot {action}: there is none any more; {hint}": "无法{action}：令牌已不存在；{hint}",
  "it is no URL": "不是 URL",
  "it must begin with https://": "必须以 https:// 开头",
  "it must not have a query or a fragment": "不能包含查询参数或片段",
  "its `resource_url` cannot be used: {why}": "其 `resource_url` 不可用：{why}",
  "the answer has no `access_token`": "返回内容没有 `access_token`",
  "its token is of a type that is not known here": "其令牌类型未知",
  "Currently available to Pro subscribers only.": "目前仅限 Pro 订阅用户。",
  "{count} key": "{count} 个密钥",
  "{count} keys": "{count} 个密钥",
  "{count} account": "{count} 个账号",
  "{count} accounts": "{count} 个账号",
  "{count} model": "{count} 个模型",
  "{count} models": "{count} 个模型",
};
