import type { Table } from "../lexicon.ts";

/** The session, and questions to models. */
export const CHAT: Table = {
  "{path} · /help · Esc stops an answer · Ctrl+D leaves":
    "{path} · /help 帮助 · Esc 停止回答 · Ctrl+D 离开",
  "{spinner} waiting for {model} · {seconds} s · Esc stops":
    "{spinner} 正在等待 {model} · {seconds} 秒 · Esc 停止",
  "{spinner} thinking · {seconds} s · Esc stops": "{spinner} 正在思考 · {seconds} 秒 · Esc 停止",
  "{spinner} writing · {seconds} s · Esc stops": "{spinner} 正在回答 · {seconds} 秒 · Esc 停止",
  "{spinner} waiting for {model} · {seconds} s · Ctrl+C stops":
    "{spinner} 正在等待 {model} · {seconds} 秒 · Ctrl+C 停止",
  "{spinner} thinking · {seconds} s · Ctrl+C stops":
    "{spinner} 正在思考 · {seconds} 秒 · Ctrl+C 停止",
  "{spinner} writing · {seconds} s · Ctrl+C stops":
    "{spinner} 正在回答 · {seconds} 秒 · Ctrl+C 停止",
  "{spinner} trying again in {left} s ({attempt} of {most}): {why} · {seconds} s · {key} stops":
    "{spinner} {left} 秒后重试（第 {attempt} / {most} 次）：{why} · {seconds} 秒 · {key} 停止",
  "{spinner} trying again ({attempt} of {most}): {why} · {seconds} s · {key} stops":
    "{spinner} 正在重试（第 {attempt} / {most} 次）：{why} · {seconds} 秒 · {key} 停止",
  "{model} · {input} tokens in, {output} out · {seconds} s":
    "{model} · 输入 {input} Token，输出 {output} · {seconds} 秒",
  "{model} · {input} tokens in ({cached} cached), {output} out · {seconds} s":
    "{model} · 输入 {input} Token（缓存 {cached}），输出 {output} · {seconds} 秒",
  "{model} · {input} tokens in, {output} out · {seconds} s · {share}% of {size} tokens":
    "{model} · 输入 {input} Token，输出 {output} · {seconds} 秒 · 已用 {size} 上下文的 {share}%",
  "{model} · {input} tokens in ({cached} cached), {output} out · {seconds} s · {share}% of {size} tokens":
    "{model} · 输入 {input} Token（缓存 {cached}），输出 {output} · {seconds} 秒 · 已用 {size} 上下文的 {share}%",
  interrupted: "已中断",
  "sent after the answer": "将在回答后发送",
  "(Ctrl+C again to leave)": "（再按一次 Ctrl+C 退出）",
  "what stands before </think> is what the model thought": "</think> 之前的内容是模型的思考",
  "the answer holds no text": "回答中没有文字",
  "the answer ended at the limit of its length": "回答达到长度上限而结束",
  "the answer was ended by a filter of the service": "回答被服务的内容审核终止",
  'the service ended the answer, saying "{word}"': "服务结束了回答，原因为“{word}”",
  "the service gave no reason for the end of the answer": "服务未说明回答结束的原因",
  '{model} asked for the tool "{tool}", which is not offered here':
    "{model} 请求工具“{tool}”，此处不提供",
  "trying again in {seconds} s: {why}": "{seconds} 秒后重试：{why}",
  "Cannot send a file: none is named": "无法发送文件：未指定文件",
  "Cannot send `{path}`: {why}": "无法发送 `{path}`：{why}",
  "there is no such file": "没有此文件",
  "it is a file of keys, which go to no model": "这是保存密钥的文件，不会发送给模型",
  "it cannot be read": "无法读取",
  "it is no text in UTF-8": "不是 UTF-8 文本",
  "a key of yours stands in it": "其中含有你的密钥",
  "take the key out of the file first": "请先从文件中删除密钥",
  "nothing earlier with": "没有更早的匹配",
  "Cannot read `{path}`: it is no history": "无法读取 `{path}`：不是历史记录",
  "The conversation begins anew.": "对话重新开始。",
  "What the model thinks is shown, dim, before the answer.": "模型的思考将以灰色显示在回答之前。",
  "What the model thinks is hidden again.": "模型的思考已重新隐藏。",
  "Cannot save the conversation: no file is named": "无法保存对话：未指定文件",
  "type /save FILE.md": "输入 /save FILE.md",
  "The conversation stands in `{path}`.": "对话已保存到 `{path}`。",
  "Cannot copy an answer: there is none yet": "无法复制回答：还没有回答",
  "Cannot copy the answer: it is too long, or this terminal has no clipboard":
    "无法复制回答：内容过长，或此终端没有剪贴板",
  "The last answer was given to the clipboard of the terminal. Where it takes none: /save FILE.md":
    "已将最后的回答交给终端剪贴板。如未生效：/save FILE.md",
  "There is nothing to ask again.": "没有可以重新提问的内容。",
  "The next message goes to {model}.": "下一条消息将发送给 {model}。",
  "The next message goes to {model}, in this session alone.":
    "下一条消息将发送给 {model}，仅限本次会话。",
  "The conversation {name}, goes on{more}.": "继续对话 {name}{more}。",
  "; {count} of its lines cannot be read": "；其中 {count} 行无法读取",
  "Last: {text}": "上一条：{text}",
  "↑ calls the message up again.": "按 ↑ 可调出此消息。",
  "Enter sends; Ctrl+J, Alt+Enter or \\ and Enter begin a new line.":
    "Enter 发送；Ctrl+J、Alt+Enter 或 \\ 加 Enter 换行。",
  "↑ and ↓ call up earlier lines, Ctrl+R searches them, Ctrl+G opens your editor.":
    "↑ 和 ↓ 调出之前的输入，Ctrl+R 搜索，Ctrl+G 打开编辑器。",
  "Tab completes commands, models and paths; @path sends a text file along.":
    "Tab 补全命令、模型和路径；@path 附上文本文件。",
  "Esc or Ctrl+C stops an answer; Ctrl+C twice or Ctrl+D leaves.":
    "Esc 或 Ctrl+C 停止回答；连按两次 Ctrl+C 或按 Ctrl+D 离开。",
  "type /auth to set up credentials, or /model to choose another model":
    "输入 /auth 设置认证，或 /model 选择其他模型",
  "type /model to choose another one": "输入 /model 选择其他模型",
  "type /clear to begin anew, or /model to choose one with a larger window":
    "输入 /clear 重新开始，或 /model 选择上下文更长的模型",
  "type /auth to set one up": "输入 /auth 进行设置",
  'did you mean "{word}"? Type /model {model} to ask it':
    "是否指“{word}”？输入 /model {model} 向它提问",
  "Leave with /quit or Ctrl+D.": "用 /quit 或 Ctrl+D 离开。",
  "/help lists the commands.": "/help 列出所有命令。",
  "/help lists the commands": "/help 列出所有命令",
  "/{name} takes nothing behind it.": "/{name} 后面不能有内容。",
  "There is no command /{name}; {hint}": "没有命令 /{name}；{hint}",
  "did you mean /{name}?": "是否指 /{name}？",
  "Set up credentials, or repair them": "设置或修复认证",
  "Choose another model, or ask it this once": "选择其他模型，或只用它问一次",
  "Use another account for this session": "在本次会话中使用其他账号",
  "List what the endpoint offers": "列出接口提供的模型",
  "Show what is in force and where it comes from": "显示当前配置及其来源",
  "Show or hide what the model thinks": "显示或隐藏模型的思考",
  "Ask the last message again": "重新提问上一条消息",
  "Copy the last answer": "复制最后的回答",
  "Write the conversation to a file": "将对话写入文件",
  "Go on with an earlier conversation": "继续之前的对话",
  "Begin a new conversation": "开始新的对话",
  "Show this list": "显示此列表",
  "Leave the session": "离开会话",
  "This conversation is not kept: {why}": "此对话不会保存：{why}",
  "(in a shell)": "（在 shell 中）",
  "the conversation {name} goes on with what is left: {why}": "对话 {name} 以剩余内容继续：{why}",
  "1 line cannot be read": "1 行无法读取",
  "{count} lines cannot be read": "{count} 行无法读取",
  "This conversation is kept again, all of it": "此对话已重新完整保存",
  'not kept for later sessions: "{id}" is not in your settings':
    "不会为以后的会话保存：您的设置中没有“{id}”",
  'not kept for later sessions: "{id}" is not in your settings; `qwen auth api-key --provider {provider} --model {model}` adds it':
    "不会为以后的会话保存：您的设置中没有“{id}”；可用 `qwen auth api-key --provider {provider} --model {model}` 添加",
  "listed by {host}, not configured": "{host} 列出、尚未配置的模型",
  "not kept for later sessions: {why}": "不会为以后的会话保存：{why}",
  "Cannot list the conversations in `{path}`": "无法列出 `{path}` 中的对话",
  "Cannot go on with the conversation {name}: {why}": "无法继续对话 {name}：{why}",
  "choose another one with `qwen --resume`": "用 `qwen --resume` 选择其他对话",
  'Cannot go on with the conversation "{name}": there is none': "无法继续对话“{name}”：不存在",
  "choose one with `qwen --resume`": "用 `qwen --resume` 选择",
  'Cannot go on with the conversation "{name}": {count} begin like that':
    "无法继续对话“{name}”：有 {count} 个以此开头",
  "write more of it, as {names}": "请写得更完整，例如 {names}",
  "its first line is damaged": "其第一行已损坏",
  "it has version {version}, and this program reads version {other}":
    "其版本为 {version}，此程序读取版本 {other}",
  "Cannot go on with a conversation: none was kept in this folder":
    "无法继续对话：此文件夹中没有保存的对话",
  "choose one of another folder with `qwen --resume`, or begin with `qwen`":
    "用 `qwen --resume` 选择其他文件夹的对话，或用 `qwen` 开始",
  "Cannot choose a conversation: none is kept": "无法选择对话：没有保存的对话",
  "Cannot choose a conversation: {why}": "无法选择对话：{why}",
  "begin one with `qwen`": "用 `qwen` 开始对话",
  "name it: `--resume ID`, or take the newest: `--continue`":
    "指定：`--resume ID`，或继续最新的：`--continue`",
  "the answer is not kept: {why}": "回答不会保存：{why}",
  "Cannot choose a model: none is configured": "无法选择模型：尚未配置",
  "Cannot save `{path}`: something stands there already": "无法保存 `{path}`：那里已有内容",
  "name another file": "请指定其他文件",
  "Cannot open an editor: neither `VISUAL` nor `EDITOR` is set":
    "无法打开编辑器：未设置 `VISUAL` 或 `EDITOR`",
  "set the variable `EDITOR`, and begin the session anew": "设置变量 `EDITOR`，然后重新开始会话",
  "Cannot take the message from `{name}`: it failed": "无法从 `{name}` 取得消息：它运行失败",
  "set the variable `EDITOR` to an editor that works": "将变量 `EDITOR` 设为可用的编辑器",
  "Cannot take the message from `{name}`: {why}": "无法从 `{name}` 取得消息：{why}",
  "write text, and save it where the editor found it": "请写入文本，并保存在编辑器打开的位置",
  "Cannot keep the answer: it is longer than 64 MiB": "无法保存回答：超过 64 MiB",
  "use the output format text, which keeps nothing": "请使用 text 输出格式，它不保存内容",
  'Cannot ask the model "{model}": its name would change where the request goes':
    "无法向模型“{model}”提问：其名称会改变请求的去向",
  "[{count} lines pasted]": "[已粘贴 {count} 行]",
  "[{count} characters pasted]": "[已粘贴 {count} 个字符]",
  "[{count} characters pasted, number {number}]": "[已粘贴 {count} 个字符，第 {number} 段]",
  "[{count} lines pasted, number {number}]": "[已粘贴 {count} 行，第 {number} 段]",
  "… {count} more lines": "… 还有 {count} 行",
  "({why}: {word}) Ctrl+R earlier · Enter takes it · Esc leaves":
    "（{why}：{word}）Ctrl+R 更早 · Enter 采用 · Esc 离开",
  "{model} · {input} tokens in, {output} out · {seconds} s · less than 1% of {size} tokens":
    "{model} · 输入 {input} Token，输出 {output} · {seconds} 秒 · 已用 {size} 上下文的不到 1%",
};
