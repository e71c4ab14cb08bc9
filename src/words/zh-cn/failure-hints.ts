import type { Table } from "../lexicon.ts";

/** What to do about a request that failed. */
export const FAILURE_HINTS: Table = {
  "choose another one with `--model`; `qwen models --remote` lists them":
    "用 `--model` 选择其他模型；`qwen models --remote` 可列出",
  "run `qwen models --remote` to see which ones there are":
    "运行 `qwen models --remote` 查看可用的模型",
  "check the base URL in `qwen auth status`, and `HTTPS_PROXY` where there is a proxy":
    "用 `qwen auth status` 检查 Base URL；使用代理时检查 `HTTPS_PROXY`",
  "check the base URL in `qwen auth status`": "用 `qwen auth status` 检查 Base URL",
  "give it with `--client-cert FILE` and `--client-key FILE`, or `QWEN_CLIENT_CERT` and `QWEN_CLIENT_KEY`":
    "用 `--client-cert FILE` 和 `--client-key FILE`（或 `QWEN_CLIENT_CERT` 和 `QWEN_CLIENT_KEY`）提供证书",
  "give the certificate of your own authority with `--ca-cert FILE` or `QWEN_CA_CERT`":
    "用 `--ca-cert FILE` 或 `QWEN_CA_CERT` 提供自有机构的证书",
  "check `HTTPS_PROXY` and `NO_PROXY`, or give another one with `--proxy URL`":
    "检查 `HTTPS_PROXY` 和 `NO_PROXY`，或用 `--proxy URL` 指定其他代理",
  "try again, or allow more time with `generationConfig.timeout`":
    "重试，或用 `generationConfig.timeout` 延长等待时间",
  "wait until it refills, or choose another model with `--model` (`/model` in a session)":
    "等待额度恢复，或用 `--model`（会话中用 `/model`）选择其他模型",
  "try again later, or choose another model with `--model`":
    "稍后重试，或用 `--model` 选择其他模型",
  "try again later": "稍后重试",
  "put it in other words: a filter of the service does not let it through":
    "请换一种说法：内容被服务的审核拦截",
  "shorten it (`/clear` in a session), or choose a model with a larger window with `--model`":
    "缩短内容（会话中用 `/clear`），或用 `--model` 选择上下文更长的模型",
  "take `{name}` out of `samplingParams` and `extra_body`":
    "从 `samplingParams` 和 `extra_body` 中去掉 `{name}`",
  "give the address that it redirects to as the base URL, if you trust it":
    "如果信任重定向的地址，请将其设为 Base URL",
  "name {host} in `NO_PROXY`, so that the proxy of `{name}` is left out":
    "将 {host} 加入 `NO_PROXY`，不经过 `{name}` 的代理",
  "check the proxy of `{name}`, or name {host} in `NO_PROXY`":
    "检查 `{name}` 的代理，或将 {host} 加入 `NO_PROXY`",
  "run `{command} --region auto` to find where it works: a key of Alibaba Cloud (sk- or sk-sp-) only does in its own region and for its own plan":
    "运行 `{command} --region auto` 自动判断：阿里云的密钥（sk- 或 sk-sp-）只在所属地域和套餐内有效",
  "check the key, and set another one with `qwen auth`": "检查密钥，或用 `qwen auth` 设置其他密钥",
  "check the key at {url}, and set another one with `qwen auth`":
    "在 {url} 检查密钥，或用 `qwen auth` 设置其他密钥",
  "add credit to the account, or choose another model with `--model`":
    "为账户充值，或用 `--model` 选择其他模型",
  "look at the account at {url}, or choose another model with `--model`":
    "在 {url} 查看账户，或用 `--model` 选择其他模型",
  "switch off the mode for the free quota alone in the console, or choose another model":
    "在控制台关闭“仅使用免费额度”，或选择其他模型",
  "wait a minute, or choose another model with `--model`":
    "等待一分钟，或用 `--model` 选择其他模型",
  "renew the plan at https://z.ai/subscribe, or use another endpoint with `qwen auth`":
    "在 https://z.ai/subscribe 续订套餐，或用 `qwen auth` 改用其他接口",
  "try again tomorrow, or choose another model with `--model`":
    "明天再试，或用 `--model` 选择其他模型",
  "raise the limit of the key at https://openrouter.ai/settings/keys":
    "在 https://openrouter.ai/settings/keys 提高密钥的限额",
  "allow it at https://openrouter.ai/settings/privacy, or choose another model":
    "在 https://openrouter.ai/settings/privacy 允许，或选择其他模型",
  "allow a provider of the model at https://openrouter.ai/settings/preferences":
    "在 https://openrouter.ai/settings/preferences 允许该模型的服务商",
  "bind an account of Alibaba Cloud at https://modelscope.cn/my/settings/account":
    "在 https://modelscope.cn/my/settings/account 绑定阿里云账号",
  "unblock it at https://console.x.ai, or use another key":
    "在 https://console.x.ai 解除限制，或使用其他密钥",
  "choose another model with `--model`, or look at https://build.nvidia.com whether the account has it":
    "用 `--model` 选择其他模型，或在 https://build.nvidia.com 查看账户是否拥有该模型",
  "give the token the permission `models: read` at https://github.com/settings/personal-access-tokens":
    "在 https://github.com/settings/personal-access-tokens 为令牌授予 `models: read` 权限",
  "activate the service at https://console.cloud.tencent.com/hunyuan":
    "在 https://console.cloud.tencent.com/hunyuan 开通服务",
  "raise the limit at https://app.requesty.ai, or use another key":
    "在 https://app.requesty.ai 提高限额，或使用其他密钥",
  "have the model approved at https://app.requesty.ai, or choose another with `--model`":
    "在 https://app.requesty.ai 批准该模型，或用 `--model` 选择其他模型",
  "verify it at https://platform.openai.com/settings/organization/general":
    "在 https://platform.openai.com/settings/organization/general 验证组织",
  "ask the owner of the organisation to invite the account": "请组织的所有者邀请此账户",
  "ask from the network that the resource allows, or add this one in its Networking page":
    "从该资源允许的网络访问，或在其 Networking 页面添加当前网络",
  "give the name of the deployment as `--model`, not that of the model":
    "`--model` 应填部署名称，而不是模型名称",
  "check the base URL: `https://NAME.openai.azure.com/openai/v1`":
    "检查 Base URL：`https://NAME.openai.azure.com/openai/v1`",
  "set up billing at https://aistudio.google.com, or choose another model with `--model`":
    "在 https://aistudio.google.com 设置结算，或用 `--model` 选择其他模型",
  "set up billing at https://aistudio.google.com": "在 https://aistudio.google.com 设置结算",
  "fetch it with `ollama pull MODEL`, or choose one that `qwen models --remote` lists":
    "用 `ollama pull MODEL` 下载，或从 `qwen models --remote` 中选择",
  "load one in LM Studio, or with `lms load MODEL`":
    "在 LM Studio 中加载模型，或运行 `lms load MODEL`",
  "choose a smaller model with `--model`": "用 `--model` 选择更小的模型",
  "ask from a country that the service serves, or choose another provider with `qwen auth`":
    "从服务支持的国家或地区访问，或用 `qwen auth` 选择其他服务商",
  "follow the link in what the service says, and switch its interface on there":
    "打开服务给出的链接，在那里启用接口",
  "take the restriction off the key where it was made, or use another key":
    "在获取密钥的页面取消其限制，或使用其他密钥",
  "add the address of this machine to those that the key allows, or use another key":
    "将本机地址加入密钥的 IP 白名单，或使用其他密钥",
  "give the key the right to call Inference Providers at https://huggingface.co/settings/tokens":
    "在 https://huggingface.co/settings/tokens 授予密钥调用 Inference Providers 的权限",
  "ask whoever runs the service, or use another account": "联系服务方，或使用其他账户",
  "use a pay-as-you-go key: `qwen auth api-key --provider modelstudio`":
    "改用按量计费的密钥：`qwen auth api-key --provider modelstudio`",
  "try another network: what stands before the service lets nothing from here through":
    "换一个网络：服务之前的设备拦截了来自这里的请求",
  "try another network, or ask whoever runs the firewall or proxy between here and there":
    "换一个网络，或联系防火墙或代理的管理员",
  "give a base URL at which `/chat/completions` is answered":
    "提供支持 `/chat/completions` 的 Base URL",
  "give its OpenAI-compatible base URL, which ends in /v1":
    "提供其兼容 OpenAI 的 Base URL（以 /v1 结尾）",
  "set it up again with `qwen auth api-key --protocol {name}`":
    "用 `qwen auth api-key --protocol {name}` 重新设置",
  "name a model as `qwen models --remote` lists it": "按 `qwen models --remote` 列出的名称填写模型",
  "correct the base URL or the name of the model": "更正 Base URL 或模型名称",
  "run `{command}`": "运行 `{command}`",
  "run `{command}` to set it up": "运行 `{command}` 进行设置",
  'did you mean "{word}"?': "是否指“{word}”？",
  'did you mean "{word}"? {hint}': "是否指“{word}”？{hint}",
};
