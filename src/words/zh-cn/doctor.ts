import type { Table } from "../lexicon.ts";

/** Checks of `qwen doctor`, trust, updates. */
export const DOCTOR: Table = {
  "not tried; add `--network`": "未检查；请加 `--network`",
  "there is no endpoint to reach": "没有要连接的接口",
  "not tried: {why}": "未检查：{why}",
  "Cannot use `--{one}` and `--{other}` together": "`--{one}` 不能与 `--{other}` 同用",
  "Cannot list the rules of one folder": "无法只列出一个文件夹的规则",
  "leave the folder out: `qwen trust --list`": "去掉文件夹：`qwen trust --list`",
  "`QWEN_TRUST_WORKSPACE` is true: every folder is trusted all the same":
    "`QWEN_TRUST_WORKSPACE` 为 true：所有文件夹仍受信任",
  "Cannot trust a folder without a name": "无法信任没有名称的文件夹",
  "name the folder, or write `.` for the working directory": "指定文件夹，或用 `.` 表示当前目录",
  "it is a file": "这是一个文件",
  "there is no such folder": "没有此文件夹",
  "Cannot make a rule for `{path}`: {why}": "无法为 `{path}` 添加规则：{why}",
  "name a folder that exists": "指定已存在的文件夹",
  "Cannot trust `{path}`: your home directory, and all that is ever put there, would be trusted":
    "无法信任 `{path}`：这会信任整个主目录及其中的一切",
  "name the folder of one project, or repeat with `--force`":
    "指定单个项目的文件夹，或加 `--force` 重试",
  "the rule {rule} of `{path}`": "`{path}` 的规则 {rule}",
  "The rule was removed": "已删除规则",
  "The rule was removed; `{path}` is not trusted": "已删除规则；`{path}` 未受信任",
  "The rule was removed; `{path}` is still trusted, by {rule}":
    "已删除规则；`{path}` 仍受信任（{rule}）",
  "No rule stands under `{path}`": "没有 `{path}` 的规则",
  "No rule stands under `{path}`; `{file}` is not trusted":
    "没有 `{path}` 的规则；`{file}` 未受信任",
  "No rule stands under `{path}`; `{file}` is still trusted, by {rule}":
    "没有 `{path}` 的规则；`{file}` 仍受信任（{rule}）",
  "`{path}`, with all below it, is now trusted": "`{path}` 及其下所有内容现已受信任",
  "`{path}`, with all below it, is now distrusted": "`{path}` 及其下所有内容现已不受信任",
  "`{path}` was already trusted, by {rule}": "`{path}` 已受信任（{rule}）",
  "`{path}` was already distrusted, by {rule}": "`{path}` 已不受信任（{rule}）",
  "No folder has a rule; run `qwen trust` in one to trust it":
    "没有文件夹规则；在文件夹中运行 `qwen trust` 即可信任它",
  "(does not exist)": "（不存在）",
  "Waiting for {programs} to say whose this program is":
    "正在等待 {programs} 说明此程序属于哪个软件包",
  "{program} did not answer; this may be a package of its":
    "{program} 没有回应；此程序可能是它的软件包",
  "Cannot tell how to update `{path}`: this build names no home of releases":
    "不知道如何更新 `{path}`：此构建没有发布地址",
  "set QWEN_INSTALL_GITHUB_REPO=owner/name, or in the checkout that it was built from run `git pull && sh install.sh --from-source`":
    "设置 QWEN_INSTALL_GITHUB_REPO=owner/name，或在构建所用的代码目录中运行 `git pull && sh install.sh --from-source`",
  "`auth run` cannot listen on 127.0.0.1: {why}": "`auth run` 无法监听 127.0.0.1：{why}",
  "allow programs to use the loopback interface, or use `qwen auth run --no-broker`":
    "允许程序使用回环接口，或使用 `qwen auth run --no-broker`",
  "tools reach `auth run` without a proxy": "工具可不经代理连接 `auth run`",
  "`{name}` is for this machine as well: `auth run` adds to NO_PROXY, clients of `auth serve` must":
    "`{name}` 也作用于本机：`auth run` 会加入 NO_PROXY，`auth serve` 的客户端需自行加入",
  "not known: a file cannot be used": "未知：有文件不可用",
  "not asked for,": "未询问，",
  "none ({why})": "无（{why}）",
  "{model} at {url} can be asked": "可向 {url} 的 {model} 提问",
  "no `NAME_FILE` names a file that is unusable": "没有 `NAME_FILE` 指向不可用的文件",
  "nothing to warn of": "没有警告",
  "`{path}` does not exist yet; the first login makes it": "`{path}` 尚不存在；首次登录时创建",
  "`{path}` cannot be used: {why}": "`{path}` 不可用：{why}",
  "remove what stands there, or point QWEN_HOME to a directory":
    "删除那里的内容，或将 QWEN_HOME 指向一个目录",
  "`{path}` is private ({mode})": "`{path}` 仅自己可访问（{mode}）",
  "point QWEN_HOME to another directory": "将 QWEN_HOME 指向其他目录",
  "no login can be saved: {why}": "无法保存登录：{why}",
  "{name} in `{path}` cannot be replaced (a mount point): a crash can cut a write short":
    "`{path}` 中的 {name} 无法替换（挂载点）：崩溃可能使写入不完整",
  "mount the directory `{path}`, not the single file": "请挂载目录 `{path}`，而不是单个文件",
  "others can look into `{path}` (mode {mode})": "其他人可以查看 `{path}`（权限 {mode}）",
  "run `chmod 700 {path}`": "运行 `chmod 700 {path}`",
  "`{path}` belongs to another user (uid {uid})": "`{path}` 属于其他用户（uid {uid}）",
  "make `{path}` your own, or point QWEN_HOME elsewhere":
    "将 `{path}` 改为自己所有，或将 QWEN_HOME 指向别处",
  "git could not be asked": "无法询问 git",
  "`{path}` lies in no git work tree": "`{path}` 不在 git 工作树中",
  "`{path}` lies in a git work tree: settings and key helpers that are committed there count as your own":
    "`{path}` 在 git 工作树中：其中提交的设置和密钥助手会被视为你自己的",
  "point HOME or QWEN_HOME to a directory outside of the checkout":
    "将 HOME 或 QWEN_HOME 指向代码目录之外",
  "make the file your own, with one name and writable by nobody else, or remove it":
    "使文件归自己所有、只有一个名称且他人不可写，或删除它",
  "`{path}` is read ({scope})": "读取 `{path}`（{scope}）",
  "`{path}` is read ({scope}, holds a key)": "读取 `{path}`（{scope}，含有密钥）",
  "others can change `{path}` (mode {mode})": "其他人可以修改 `{path}`（权限 {mode}）",
  "others can read `{path}`, which holds a key (mode {mode})":
    "其他人可以读取含有密钥的 `{path}`（权限 {mode}）",
  "keep keys in your own settings: run `qwen auth`": "将密钥保存在自己的设置中：运行 `qwen auth`",
  "run `chmod {mode} {path}`": "运行 `chmod {mode} {path}`",
  "git tracks `{path}`, which holds a key": "git 正在跟踪含有密钥的 `{path}`",
  "run `git rm --cached {path}`, add it to .gitignore, and renew the key":
    "运行 `git rm --cached {path}`，将它加入 .gitignore，并更换密钥",
  "your own": "自己的",
  "the project's": "项目的",
  "no `.env` is read": "没有读取 `.env`",
  "`{path}` is not read: another came first": "未读取 `{path}`：已先找到另一个",
  "`{name}` of it is hidden: `{path}` does not list it":
    "其中的 `{name}` 被覆盖：`{path}` 没有列出它",
  "add {name} to `{path}` of your settings": "将 {name} 加入设置的 `{path}`",
  "no `.env` holds a key": "没有含有密钥的 `.env`",
  "git tracks no `.env` with a key": "git 没有跟踪含有密钥的 `.env`",
  "no temporary files, no stale locks": "没有临时文件和失效的锁",
  "{what} left by programs that were ended while they wrote": "写入时被终止的程序留下了 {what}",
  "remove them when no `qwen` runs": "请在没有 `qwen` 运行时删除",
  "commit {hash}": "提交 {hash}",
  "its year, {year}, can be right": "年份 {year} 合理",
  "it is {time}Z": "当前为 {time}Z",
  "set the clock: no certificate is valid at that time": "请校准时间：该时间没有有效的证书",
  "TERM is {name}": "TERM 为 {name}",
  "TERM is {name}, colour, questions can be asked, {columns} columns":
    "TERM 为 {name}，有颜色，可以询问，{columns} 列",
  "TERM is {name}, no colour, questions can be asked, {columns} columns":
    "TERM 为 {name}，无颜色，可以询问，{columns} 列",
  "TERM is {name}, no colour, no questions": "TERM 为 {name}，无颜色，不能询问",
  "TERM is {name}, colour, no questions, {columns} columns":
    "TERM 为 {name}，有颜色，不能询问，{columns} 列",
  "terminals: {names}": "终端：{names}",
  "the proxy {proxy}": "代理 {proxy}",
  "check the endpoint's name and this machine's name server": "检查接口的主机名和本机的 DNS",
  "check the name of the proxy": "检查代理的名称",
  "{host} takes connections on port {port}": "{host} 的 {port} 端口可以连接",
  "check firewalls, or name a proxy with `HTTPS_PROXY`": "检查防火墙，或用 `HTTPS_PROXY` 指定代理",
  "check the address of the proxy, and that it runs": "检查代理的地址，以及它是否在运行",
  "{version}, certificate valid until {date}": "{version}，证书有效期至 {date}",
  "name your organisation's certificates with `--ca-cert` or `QWEN_CA_CERT`":
    "用 `--ca-cert` 或 `QWEN_CA_CERT` 指定组织的证书",
  "check the endpoint's address": "检查接口的地址",
  "check the proxy, its credentials and the certificates to trust":
    "检查代理、其用户名密码和受信任的证书",
  "the service answers {status} to a request without a key": "服务对没有密钥的请求返回 {status}",
  "no server told its time": "没有服务器返回时间",
  "the clock agrees with the server's": "系统时间与服务器一致",
  "the clock is {minutes} minutes ahead of the server's": "系统时间比服务器快 {minutes} 分钟",
  "the clock is {minutes} minutes behind the server's": "系统时间比服务器慢 {minutes} 分钟",
  "set the clock": "请校准系统时间",
  "NO_PROXY is {value}": "NO_PROXY 为 {value}",
  "none: NO_PROXY names the host (else {proxy})": "无：NO_PROXY 包含该主机（否则为 {proxy}）",
  "the proxy of {source} cannot be used: only http:// and https:// are supported":
    "{source} 的代理不可用：只支持 http:// 和 https://",
  "write it like `http://proxy.example:3128`": "写成 `http://proxy.example:3128` 的形式",
  "{proxy} from {source}, with credentials": "{proxy}，来自 {source}，含用户名密码",
  "{names} is ignored: certificates are always checked": "{names} 已忽略：证书始终会检查",
  "{names} are ignored: certificates are always checked": "{names} 已忽略：证书始终会检查",
  "unset it, and name the certificates to trust with `--ca-cert FILE` or `QWEN_CA_CERT`":
    "取消设置，并用 `--ca-cert FILE` 或 `QWEN_CA_CERT` 指定受信任的证书",
  "those that are built in": "内置证书",
  "further ones beside the built-in": "内置证书之外的其他证书",
  "{rule} trusts your home directory, with all below it": "{rule} 信任了你的主目录及其下所有内容",
  "run `qwen trust --revoke {path}`": "运行 `qwen trust --revoke {path}`",
  "`{path}` is trusted, by {rule}": "`{path}` 受信任（{rule}）",
  "`{path}` is not trusted, so that its files cannot use your key":
    "`{path}` 未受信任，因此其中的文件不能使用你的密钥",
  "run `qwen trust {path}` if you trust it": "如果信任它，请运行 `qwen trust {path}`",
  "`{path}` is not trusted, and nothing here needs it": "`{path}` 未受信任，此处也不需要",
  "it is no directory": "不是目录",
  "`--no-project` was given": "使用了 `--no-project`",
  "your home directory is no project": "主目录不是项目",
  "`{path}` is a file of your own by another name": "`{path}` 是你自己的文件的另一个名称",
  "`{path}` does not exist": "`{path}` 不存在",
  "{host} is an address": "{host} 是 IP 地址",
  "a proxy stands between; the HTTP check covers it": "中间有代理，由 HTTP 检查覆盖",
  "the endpoint is plain http": "接口使用明文 http",
  "a step before it failed": "之前的步骤失败",
  "`{path}` is distrusted (`qwen trust --list`)": "`{path}` 不受信任（`qwen trust --list`）",
  "`{path}` trusts no folder: {why}": "`{path}` 没有信任任何文件夹：{why}",
  "expected an object of folders and rules": "应为文件夹和规则组成的对象",
  "{place}: expected TRUST_FOLDER, TRUST_PARENT or DO_NOT_TRUST":
    "{place}：应为 TRUST_FOLDER、TRUST_PARENT 或 DO_NOT_TRUST",
  "remove what stands at `{path}`": "删除 `{path}` 处的内容",
  Files: "文件",
  Connection: "连接",
  Network: "网络",
  Machine: "本机",
  "All is well: {what}": "一切正常：{what}",
  "{single} from {origin}": "{single}，来自 {origin}",
};
