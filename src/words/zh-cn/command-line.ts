import type { Table } from "../lexicon.ts";

/** What is wrong with a command line. */
export const COMMAND_LINE: Table = {
  "Cannot read `{option}`: a flag of several letters has two dashes":
    "无法识别 `{option}`：多个字母的选项要用两个短横线",
  "write `{text}`": "写成 `{text}`",
  "Cannot give `{flag}` a value: it is a switch": "无法为 `{flag}` 赋值：它是开关",
  "write `{flag}` alone": "只写 `{flag}`",
  "Cannot read `{option}`: its value is missing": "无法识别 `{option}`：缺少值",
  "write `{flag} VALUE`, or `{same}=VALUE` when the value begins with a dash":
    "写成 `{flag} VALUE`；值以短横线开头时写成 `{same}=VALUE`",
  "Cannot use `--{flag}` with `qwen {command}`: the two name different things":
    "`--{flag}` 不能与 `qwen {command}` 同用：两者指定了不同的内容",
  "add `--help` to see what it takes": "加 `--help` 查看可用的选项",
  "it has no value": "没有值",
  "it stands alone": "单独出现",
  "leave it out: this program runs no tools that would ask for approval":
    "去掉它：此程序不运行需要批准的工具",
  "write `--openai-api-key KEY`, or run `qwen auth api-key` to store it":
    "写成 `--openai-api-key KEY`，或运行 `qwen auth api-key` 保存",
  "write `--openai-base-url URL`, or run `qwen auth api-key --base-url URL` to store it":
    "写成 `--openai-base-url URL`，或运行 `qwen auth api-key --base-url URL` 保存",
  "name the certificate of the authority with `--ca-cert FILE`":
    "用 `--ca-cert FILE` 指定机构的证书",
  "Cannot read `{option}`: {why}": "无法识别 `{option}`：{why}",
  "Cannot read `{option}`: this flag is unknown": "无法识别 `{option}`：没有此选项",
  "flags only": "仅接受选项",
  "flags and one word": "仅接受选项和一个词",
  "Cannot use an extra word: this command takes {what}": "多余的词：此命令{what}",
  "Cannot use an extra word: this command takes {what}; a key goes to `--key-stdin`":
    "多余的词：此命令{what}；密钥请用 `--key-stdin`",
  "write `--provider {name}`": "写成 `--provider {name}`",
  "Cannot explain `{word}`: there is no such command": "无法说明 `{word}`：没有此命令",
  "Cannot ask this: a word of it looks like a key": "无法提问：其中一个词看起来像密钥",
  "a key goes to `--key-stdin`; to ask the model all the same: `qwen -p TEXT`":
    "密钥请用 `--key-stdin`；仍要提问：`qwen -p TEXT`",
  "Cannot run this: there is no such command": "无法运行：没有此命令",
  "run `qwen --help`; a key goes to `--key-stdin`": "运行 `qwen --help`；密钥请用 `--key-stdin`",
  "Cannot run `{command}`: there is no such command": "无法运行 `{command}`：没有此命令",
  "did you mean `{command}`? To ask the model: `{question}`":
    "是否指 `{command}`？向模型提问：`{question}`",
  "run `{command}`; to ask the model: `{question}`": "运行 `{command}`；向模型提问：`{question}`",
  "choose bash, zsh, fish or powershell": "请选择 bash、zsh、fish 或 powershell",
  "Cannot print a completion script: no shell was named": "无法输出补全脚本：未指定 shell",
  'Cannot print a completion script for "{name}": it is unknown':
    "无法为“{name}”输出补全脚本：未知",
  "Cannot use the value of `{flag}`: it is no name of an account":
    "无法使用 `{flag}` 的值：不是账号名",
  "write up to 32 small letters, digits, `.`, `_` or `-`, such as `work`":
    "最多 32 个小写字母、数字、`.`、`_` 或 `-`，例如 `work`",
  "Cannot write the log to `-`: the streams are those of the tool":
    "无法将日志写入 `-`：标准流属于工具",
  "name a file with `--log FILE`": "用 `--log FILE` 指定文件",
  "Cannot use `--allow-any-model` with `--strict-model`":
    "`--allow-any-model` 不能与 `--strict-model` 同用",
  "Cannot use `--anthropic-base-url`: {why}": "无法使用 `--anthropic-base-url`：{why}",
  "name what clients append `/v1/messages` to, such as https://api.example.com/anthropic":
    "填写客户端追加 `/v1/messages` 的地址，例如 https://api.example.com/anthropic",
  "Cannot use `--{flag}`: it is no number from 1 on": "无法使用 `--{flag}`：不是 1 以上的数字",
  "write `--{flag} 100`": "写成 `--{flag} 100`",
  'Cannot print the output format "{name}": it is unknown': "无法使用输出格式“{name}”：未知",
  "choose text, json or stream-json": "请选择 text、json 或 stream-json",
  "Cannot use `--include-partial-messages` without `--output-format stream-json`":
    "`--include-partial-messages` 必须与 `--output-format stream-json` 同用",
  "Cannot go on with two conversations: give `--continue` or `--resume`":
    "无法同时继续两个对话：请使用 `--continue` 或 `--resume` 之一",
  "Cannot ask two things: give words, `--prompt` or `-i`":
    "无法同时问两个问题：请使用文字、`--prompt` 或 `-i` 之一",
  "put all of it into one of them, in quotes": "将全部内容用引号放在一起",
  "Cannot ask nothing: the prompt is empty": "没有可提问的内容：提示词为空",
  'write `qwen "your question"`': '写成 `qwen "你的问题"`',
  'Cannot use the provider "{name}": it is unknown': "无法使用服务商“{name}”：未知",
  "choose one of {names}; any other endpoint takes `--base-url`":
    "请选择 {names} 之一；其他接口用 `--base-url`",
  "another one": "另一个",
  "Cannot use `--region {name}` with `--base-url`: that endpoint is {what}":
    "`--region {name}` 不能与 `--base-url` 同用：该接口属于{what}",
  "Cannot use `--region auto` with `--base-url`: that names the endpoint":
    "`--region auto` 不能与 `--base-url` 同用：后者已指定接口",
  "Cannot use `--region` with {name}: it has no regions": "{name} 不能使用 `--region`：它没有地域",
  "leave `--region` out": "去掉 `--region`",
  "Cannot use the value of `--base-url`: {why}": "无法使用 `--base-url` 的值：{why}",
  "write it like `--base-url {url}`": "写成 `--base-url {url}` 的形式",
  "it must end before `{path}`, which is added to it": "必须在 `{path}` 之前结束，该部分会自动追加",
  'Cannot use the region "{name}": it is unknown': "无法使用地域“{name}”：未知",
  'Cannot use "{url}": it is no endpoint of {name}': "无法使用“{url}”：不是 {name} 的接口",
  'Cannot use the colour "{name}": it is unknown': "无法使用颜色“{name}”：未知",
  "choose auto, always or never": "请选择 auto、always 或 never",
  'Cannot use the language "{name}": it is unknown': "无法使用语言“{name}”：未知",
  "choose en or zh": "请选择 en 或 zh",
  "Cannot take the key from both `{one}` and `{other}`": "无法同时从 `{one}` 和 `{other}` 取得密钥",
  "give one of the two": "请只用其中一个",
  "Cannot use the value of `--account`: a login knows its provider":
    "无法使用 `--account` 的值：登录时已知服务商",
  "write `--account {name}`": "写成 `--account {name}`",
  'Cannot use the scope "{name}": it is unknown': "无法使用范围“{name}”：未知",
  "choose user or project": "请选择 user 或 project",
  'Cannot use the store "{name}": it is unknown': "无法使用存储方式“{name}”：未知",
  "choose settings (the default), env-file (`~/.qwen/.env`) or keyring":
    "请选择 settings（默认）、env-file（`~/.qwen/.env`）或 keyring",
  "Cannot use `{flag}`: {why}": "无法使用 `{flag}`：{why}",
  "write ids as the service spells them, such as `{flag} qwen3.5-plus,glm-5`":
    "按服务的写法填写 ID，例如 `{flag} qwen3.5-plus,glm-5`",
  "it names no model": "没有指定模型",
  'the id "{id}" contains white space': "ID“{id}”含有空白字符",
  'the id "{id}" has characters that nobody sees': "ID“{id}”含有看不见的字符",
  "Cannot switch to {name}: its key cannot be sent: {why}":
    "无法切换到 {name}：其密钥无法发送：{why}",
  "Cannot switch to {name}: several are called so": "无法切换到 {name}：有多个同名",
  "Cannot switch to {name}: it is more than a model's name": "无法切换到 {name}：不只是模型名称",
  "name {model} alone, and send the rest as a message of its own": "只写 {model}，其余内容另行发送",
  "Cannot switch to {name}: no such model or provider is configured":
    "无法切换到 {name}：没有配置此模型或服务商",
  "{hint}; or add it: `{command}`": "{hint}；或添加：`{command}`",
  "Cannot use the value of `--{flag}`: {why}": "无法使用 `--{flag}` 的值：{why}",
  "it is more than a day": "超过一天",
  "give `--{flag}` a name, or leave it out": "请为 `--{flag}` 指定名称，或去掉它",
  "write seconds, such as `--timeout 300`": "以秒为单位，例如 `--timeout 300`",
  "it has no name and value": "没有名称和值",
  "write `--header NAME=VALUE`": "写成 `--header NAME=VALUE`",
  '"{name}" is given twice': "“{name}”重复",
  "give each header once": "每个请求头只写一次",
  "its value is empty": "其值为空",
  "Cannot use the value of `--header`: {why}": "无法使用 `--header` 的值：{why}",
  "Cannot use the value of `--{flag}`: it is no whole number above 0":
    "无法使用 `--{flag}` 的值：不是大于 0 的整数",
  "write it like `{text}`": "写成 `{text}` 的形式",
  "Cannot use the value of `--extra-body`: no settings keep a field named `{name}`":
    "无法使用 `--extra-body` 的值：设置不保存名为 `{name}` 的字段",
  "Cannot use the value of `--extra-body`: the nesting is too deep":
    "无法使用 `--extra-body` 的值：嵌套过深",
  "give fields that are less deep": "减少字段的嵌套层数",
  "leave that field out": "去掉该字段",
  "Cannot use the value of `--extra-body`: it holds a number that cannot be kept exactly":
    "无法使用 `--extra-body` 的值：含有无法精确保存的数字",
  "write that number as a text": "将该数字写成文本",
  "Cannot use the value of `--extra-body`: it is no JSON object":
    "无法使用 `--extra-body` 的值：不是 JSON 对象",
  "write it like `--extra-body '{text}'`": "写成 `--extra-body '{text}'` 的形式",
  "Cannot use `--verify` and `--no-verify` together": "`--verify` 不能与 `--no-verify` 同用",
  "`--offline` was given": "使用了 `--offline`",
  "`QWEN_OFFLINE` is set": "设置了 `QWEN_OFFLINE`",
  "leave `{flag}` out, or allow the network": "去掉 `{flag}`，或允许使用网络",
  "Cannot use `--region auto` with `--no-verify`: it asks the service":
    "`--region auto` 不能与 `--no-verify` 同用：它需要询问服务",
  "name the region, or leave `--no-verify` out": "指定地域，或去掉 `--no-verify`",
  "the one of {name}": "{name} 的地域",
  "Unexpected failure in qwen {version}: {what} (a bug: report it with the output of --debug)":
    "qwen {version} 意外失败：{what}（程序错误：请附上 --debug 的输出报告）",
  "Unexpected failure in qwen {version}: {what} (a bug: report it at {url} with the output of --debug)":
    "qwen {version} 意外失败：{what}（程序错误：请在 {url} 报告，并附上 --debug 的输出）",
};
