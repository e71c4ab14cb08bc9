import type { Table } from "../lexicon.ts";

/** Models that endpoints list. */
export const MODELS: Table = {
  "not asked: {host} listed this at {when}": "未询问：{host} 于 {when} 列出如下",
  "no longer listed": "已不在列表中",
  "your settings have none": "你的设置中没有模型",
  "none is of {name}": "没有属于 {name} 的模型",
  "see what there is: `qwen models`": "运行 `qwen models` 查看已有的模型",
  "{path} is up to date": "{path} 已更新",
  "{path} was up to date already": "{path} 已是最新",
  "no longer listed: marked, and kept": "已不在列表中：已标记并保留",
  "listed again": "重新列出",
  "context window": "上下文长度",
  "{host} lists no model; nothing is marked": "{host} 没有列出模型；未做标记",
  "the list of {host} could not be read to its end; nothing is marked":
    "{host} 的列表未能读完；未做标记",
  "{host} lists {count} models: none is added; add one with `qwen auth api-key`":
    "{host} 列出了 {count} 个模型：均未添加；用 `qwen auth api-key` 添加所需的模型",
  "{host} does not list: {ids}": "{host} 没有列出：{ids}",
  "Cannot use `{flag}` without `--update`": "`{flag}` 须与 `--update` 同用",
  "add `--update`, or leave `{flag}` out": "加 `--update`，或去掉 `{flag}`",
  "flags that choose a connection": "选择连接的选项",
  "Cannot use `--update` and {flag} together": "`--update` 不能与 {flag} 同用",
  "name deployments with `qwen auth azure --model NAME`":
    "用 `qwen auth azure --model NAME` 指定部署",
  "Add models that endpoints list, mark those gone": "添加接口列出的新模型，标记已消失的",
  "With --update, only of this provider or variable": "与 --update 同用：仅此服务商或变量",
  "With --update, write nothing": "与 --update 同用：不写入",
  "no entry at {url} can be used": "{url} 没有可用的条目",
  "Azure lists models, and is asked for deployments": "Azure 列出的是模型，提问时使用的是部署",
};
