/** What stands below the summary of a help page; a paragraph each, its lines joined. */
export const HELP_DETAILS = {
  "Asks for a method, then for what it needs. For scripts, use the commands below.":
    "询问认证方式及其所需内容。脚本请使用以下命令。",
  "Writes the plan's models, the key and the default model to your settings; everything else in the file stays. Asks for what is missing on a terminal, never elsewhere. A key that is typed is checked with the service.":
    "将套餐的模型、密钥和默认模型写入你的设置，文件中的其他内容保持不变。缺少的内容只在终端上询问。输入的密钥会向服务验证。",
  "Sets up a provider of the catalogue (`qwen help providers`), or any endpoint. Asks for what is missing on a terminal, never elsewhere. A key that is typed is checked with the service. `--model auto` takes all models that the endpoint lists.":
    "设置目录中的服务商（`qwen help providers`）或任意接口。缺少的内容只在终端上询问。输入的密钥会向服务验证。`--model auto` 采用接口列出的所有模型。",
  "The free tier of Qwen OAuth was discontinued on 2026-04-15: new logins and stored tokens may be refused. `qwen auth coding-plan` and `qwen auth api-key` are the alternatives. Shows a URL and a code to approve in any browser. Tokens that are stored and still good are used, or refreshed; log out first to log in as somebody else.":
    "Qwen OAuth 的免费额度已于 2026-04-15 停止：新的登录和已保存的令牌可能被拒绝。可改用 `qwen auth coding-plan` 或 `qwen auth api-key`。会显示网址和代码，在任意浏览器中确认即可。仍有效的已保存令牌会继续使用或刷新；要换用其他账号请先退出登录。",
  "Reads settings and .env; writes nothing, connects to nothing without --verify. Exit status: 0 configured, 4 nothing, incomplete or rejected, 3 a file cannot be used, 5 the service could not be asked.":
    "读取设置和 .env；不写入任何内容，没有 --verify 时不连接网络。退出码：0 已配置；4 未配置、不完整或被拒绝；3 文件无法使用；5 无法询问服务。",
  "Lists configured providers and stored credentials, the one in force marked with *. Connects to nothing without --verify, which asks all services at once. Exit status: 4 when a key is rejected, 5 when a service could not be asked.":
    "列出已配置的服务商和已保存的认证，当前使用的以 * 标出。没有 --verify 时不连接网络；有则同时询问所有服务。退出码：4 有密钥被拒绝；5 有服务无法询问。",
  "Makes another configured model the default, or puts another account in force; without a word it asks for a model.":
    "将另一个已配置的模型设为默认，或改用另一个账号；未指定时询问模型。",
  "Removes the key, the models and the choice that `qwen auth` wrote; what was written by hand stays. Without flags it is the provider in force that goes.":
    "删除 `qwen auth` 写入的密钥、模型和选择，手写的内容保留。没有选项时删除当前使用的服务商。",
  "Prints the key that would be sent and a newline, nothing else. Exit status: 4 when there is none, or when it is withheld from the endpoint of a project.":
    "只输出将发送的密钥和换行。退出码：4 没有密钥，或不会发给项目指定的接口。",
  "Prints lines that export key, base URL and model under the names that other tools read, quoted for the shell. Those for sh suit bash, zsh and fish, too.":
    "以其他工具使用的变量名输出导出密钥、接口地址和模型的命令，已为 shell 加引号。sh 的形式也适用于 bash、zsh 和 fish。",
  "The tool gets a worthless token; what it sends goes on with the key. That stops leaks (dumps, logs, children, the tool's files), not theft: what runs as you can read your settings. Only a container or another user is a boundary. Knows claude, codex, opencode, qwen (Qwen Code) and gemini by name; others by the usual variables. Exits as the tool does; 127: not found, 126: cannot run.":
    "工具只得到无价值的令牌，它发送的请求带上密钥转发。这可防止泄漏（转储、日志、子进程、工具的文件），但不防窃取：以你的身份运行的程序可以读取你的设置，只有容器或其他用户才是边界。直接支持 claude、codex、opencode、qwen（Qwen Code）和 gemini，其他工具通过常用变量。退出码与工具相同；127：找不到程序，126：无法运行。",
  "The broker of `qwen auth run` by itself. Its token and address are written to a file of variables that only you can read, and end with the command. Only this machine can connect, unless --listen says otherwise.":
    "单独运行 `qwen auth run` 的代理。令牌和地址写入只有你能读取的变量文件，命令结束即失效。除非 --listen 另有指定，只有本机可以连接。",
  "Changes it where it is: settings, ~/.qwen/.env, keyring or account. Models and what is chosen stay as they are. Exit status: 4 when nothing uses that variable.":
    "在其所在之处更改：设置、~/.qwen/.env、密钥环或账户。模型和所选模型保持不变。退出码：没有任何地方使用该变量时为 4。",
  "Prints models, selection and accounts of your own settings as one JSON object, for `qwen auth import` on another machine. Keys stay here without --with-keys; references such as $NAME stay as they are written.":
    "将你的设置中的模型、选择和账号输出为一个 JSON 对象，供另一台机器的 `qwen auth import` 使用。没有 --with-keys 时不含密钥；$NAME 之类的引用保持原样。",
  "Brings a set-up of `qwen auth export` into your own settings. What is there and differs stays, unless --replace is given. Shows endpoints and models and asks; without a terminal it needs --yes. A key that you have here is never given to an endpoint that only the file names.":
    "将 `qwen auth export` 的配置导入你的设置。已有的不同内容保留，除非指定 --replace。先显示接口和模型并询问；没有终端时需要 --yes。本机已有的密钥不会交给只在文件中出现的接口。",
  "Lists what settings configure; connects to nothing without --remote. --update adds new chat models and marks those that are gone, but nothing written by hand.":
    "列出设置中配置的模型；不带 --remote 时不连接任何服务。--update 添加新的对话模型并标记已消失的模型，手写的内容不变。",
  "In and below it they may say where your keys go; `--trust` says the same once.":
    "在该文件夹及其子文件夹中，这些文件可以决定密钥发往何处；`--trust` 仅此一次。",
  "Looks at settings, .env, keys, trust, proxy and terminal, and says what to do. Changes nothing; connects to nothing without --network, and sends no key then. What it prints holds no key and not the path of your home: it can be shared. A terminal shows what failed, with --all every check; a pipe gets them all. Exit status: 1 when a check failed, else 0.":
    "检查设置、.env、密钥、信任、代理和终端，并说明该怎么做。不改动任何内容；没有 --network 时不连接网络，有时也不发送密钥。输出不含密钥和主目录路径，可以分享。终端上只显示失败的检查，--all 显示全部；管道总是得到全部。退出码：有检查失败时为 1，否则为 0。",
  "Prints a script that completes commands, flags, providers, regions and the ids of configured models. For all sessions, a line in the shell's start-up file:":
    "输出补全命令、选项、服务商、地域和已配置模型 ID 的脚本。要对所有会话生效，在 shell 启动文件中加入一行：",
  "Prints the line that updates this installation as it was made, which its path and the package managers tell: by the installer, as a package, with npm & co. Asks nobody whether there is something newer. With --run the line is run.":
    "输出按原安装方式（安装脚本、软件包、npm 等，由路径和包管理器判断）更新此程序的命令。不询问是否有新版本。--run 则运行该命令。",
  "Prints the version, the commit and the target of this build, and its Bun.":
    "输出此构建的版本、提交、目标平台和所用的 Bun。",
  "Without a question opens a session on a terminal. With one asks once and prints the answer: the words, --prompt or standard input, or both of them.":
    "没有问题时在终端上打开会话；有问题时提问一次并输出回答。问题来自参数、--prompt 或标准输入，也可两者都有。",
};
