import { isPrivateHost } from "../../lib/endpoint-url.ts";
import type { FailureRow } from "../../protocols/failures/failure-row.ts";
import { alibabaFailures } from "./alibaba-failures.ts";
import {
  ARK_FAILURES,
  GITHUB_MODELS_FAILURES,
  GROQ_FAILURES,
  HUNYUAN_FAILURES,
  MISTRAL_FAILURES,
  NVIDIA_FAILURES,
  SILICONFLOW_FAILURES,
  TOGETHER_FAILURES,
} from "./hosted-failures.ts";
import { PROVIDERS } from "./providers.ts";
import {
  ANTHROPIC_FAILURES,
  AZURE_FAILURES,
  DEEPSEEK_FAILURES,
  FIREWORKS_FAILURES,
  GEMINI_FAILURES,
  LOCAL_FAILURES,
  MINIMAX_FAILURES,
  MODELSCOPE_FAILURES,
  MOONSHOT_FAILURES,
  OPENAI_FAILURES,
  OPENROUTER_FAILURES,
  REQUESTY_FAILURES,
  XAI_FAILURES,
  ZAI_FAILURES,
} from "./service-failures.ts";

/** By the id of the provider. They stand apart from it: `auth status` needs none and starts fast. */
const ROWS: Readonly<Record<string, readonly FailureRow[]>> = {
  "coding-plan": alibabaFailures("the Coding Plan"),
  "token-plan": alibabaFailures("the Token Plan"),
  modelstudio: alibabaFailures(),
  openrouter: OPENROUTER_FAILURES,
  fireworks: FIREWORKS_FAILURES,
  modelscope: MODELSCOPE_FAILURES,
  deepseek: DEEPSEEK_FAILURES,
  moonshot: MOONSHOT_FAILURES,
  zai: ZAI_FAILURES,
  minimax: MINIMAX_FAILURES,
  xai: XAI_FAILURES,
  requesty: REQUESTY_FAILURES,
  openai: OPENAI_FAILURES,
  azure: AZURE_FAILURES,
  anthropic: ANTHROPIC_FAILURES,
  gemini: GEMINI_FAILURES,
  mistral: MISTRAL_FAILURES,
  groq: GROQ_FAILURES,
  siliconflow: SILICONFLOW_FAILURES,
  ark: ARK_FAILURES,
  hunyuan: HUNYUAN_FAILURES,
  together: TOGETHER_FAILURES,
  nvidia: NVIDIA_FAILURES,
  "github-models": GITHUB_MODELS_FAILURES,
};

/** Hosts whose rows hold also where the endpoint is none of the catalogue. */
const OTHER_HOSTS: readonly (readonly [suffix: string, id: string])[] = [
  [".aliyuncs.com", "modelstudio"],
  [".azure.com", "azure"],
  [".bigmodel.cn", "zai"],
  [".minimaxi.com", "minimax"],
];

/**
 * Why the service at a base URL refuses requests, as it says itself: what `classifyFailure` reads
 * before the rows of all services.
 */
export function failureRowsAt(baseUrl: string): readonly FailureRow[] {
  const url = URL.parse(baseUrl);
  if (url === null) {
    return [];
  }
  if (isPrivateHost(url.hostname)) {
    return LOCAL_FAILURES;
  }
  const known = PROVIDERS.find(({ endpoints }) =>
    endpoints.some((endpoint) => URL.parse(endpoint.baseUrl)?.host === url.host),
  );
  const [, other] = OTHER_HOSTS.find(([suffix]) => url.hostname.endsWith(suffix)) ?? [];
  return ROWS[known?.id ?? other ?? ""] ?? [];
}
