import { describe, expect, test } from "bun:test";
import { failureRowsAt } from "../../../src/auth/providers/failure-rows.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import { requestProblem } from "../../../src/auth/verify/request-problem.ts";
import type { ErrorCode, ExitCode } from "../../../src/errors.ts";
import { answerFailure, streamedFailure } from "../../../src/protocols/failures/answer-failure.ts";

type Cause = "rejected" | "quota" | "rate" | "model" | "blocked";

/** What the service answers, and where they differ from the usual, sentence and hint. */
type Case = readonly [status: number, body: unknown, says?: string | undefined, hint?: string];

const openai = (message: string, code: string | number | null = null, type = "some_error") => ({
  error: { message, type, param: null, code },
});
const anthropic = (type: string, message: string) => ({ type: "error", error: { type, message } });
const google = (
  code: number,
  status: string,
  message: string,
  details: readonly object[] = [],
) => ({
  error: { code, message, status, details },
});
const zai = (code: string, message: string) => ({ error: { code, message } });
const minimax = (status_code: number, status_msg: string) => ({
  base_resp: { status_code, status_msg },
});

const ALIBABA: Readonly<Record<Cause, Case>> = {
  rejected: [401, openai("Incorrect API key provided.", "invalid_api_key")],
  quota: [
    403,
    openai("The free tier of the model has been exhausted.", "AllocationQuota.FreeTierOnly"),
    undefined,
    "switch off the mode for the free quota alone in the console, or choose another model",
  ],
  rate: [
    429,
    openai("You exceeded your current quota, #token-limit", "insufficient_quota"),
    "HOST takes no more tokens in this minute",
    "wait a minute, or choose another model with `--model`",
  ],
  model: [404, openai("The model `x` does not exist.", "model_not_found")],
  blocked: [400, openai("Input data may contain inappropriate content.", "data_inspection_failed")],
};

const LOCAL: Readonly<Record<Cause, Case>> = {
  rejected: [401, { error: "Unauthorized" }],
  quota: [402, { error: "Payment required" }],
  rate: [429, { error: "server busy" }],
  model: [404, openai("The model `x` does not exist.", 404, "NotFoundError")],
  blocked: [400, openai("Prompt was blocked by the guard", "content_filter")],
};

/** What services say that have no rows of their own. */
const HOSTED: Readonly<Record<Cause, Case>> = {
  rejected: [401, openai("Wrong API Key", "wrong_api_key", "invalid_request_error")],
  quota: [402, openai("Payment required to access this resource.")],
  rate: [429, openai("Too many requests.", "rate_limit_exceeded")],
  model: [
    404,
    openai("Model x does not exist or you do not have access to it.", "model_not_found"),
  ],
  blocked: [400, openai("The prompt was flagged", "content_filter")],
};

/** By the id of the provider. */
const CASES: Readonly<Record<string, Readonly<Record<Cause, Case>>>> = {
  "coding-plan": ALIBABA,
  "token-plan": ALIBABA,
  modelstudio: ALIBABA,
  openrouter: {
    rejected: [401, openai("User not found.", 401)],
    quota: [
      403,
      openai("Key limit exceeded (total limit).", 403),
      undefined,
      "raise the limit of the key at https://openrouter.ai/settings/keys",
    ],
    rate: [
      429,
      {
        error: {
          message: "Provider returned error",
          code: 429,
          metadata: { raw: "m is temporarily rate-limited upstream" },
        },
      },
    ],
    model: [400, openai("foo/bar is not a valid model ID", 400)],
    blocked: [403, openai("Your chosen model requires moderation and your input was flagged", 403)],
  },
  fireworks: {
    rejected: [401, { error: "The API key you provided is invalid." }],
    quota: [
      412,
      openai("Account x is suspended, possibly due to reaching the monthly spending limit"),
      "the account at HOST is suspended",
    ],
    rate: [429, openai("request rate limit exceeded", "rate_limit_exceeded")],
    model: [404, openai("Model not found, inaccessible, and/or not deployed", "NOT_FOUND")],
    blocked: [400, openai("The prompt was flagged", "content_filter")],
  },
  modelscope: {
    rejected: [401, { errors: { message: "Authentication failed, please check your token" } }],
    quota: [402, { errors: { message: "insufficient balance" } }],
    rate: [
      429,
      { errors: { message: "you have exceeded today's quota, please try again tomorrow" } },
      "HOST takes no more requests today",
      "try again tomorrow, or choose another model with `--model`",
    ],
    model: [400, { error: { message: "Model id : Qwen/X , has no provider supported" } }],
    blocked: [400, openai("Input data may contain inappropriate content.", "DataInspectionFailed")],
  },
  deepseek: {
    rejected: [401, openai("Authentication Fails (no such user)", "invalid_request_error")],
    quota: [402, openai("Insufficient Balance", "invalid_request_error")],
    rate: [429, openai("Rate limit reached", "rate_limit_reached")],
    model: [400, openai("Model Not Exist", "invalid_request_error")],
    blocked: [400, openai("Content Exists Risk", "invalid_request_error")],
  },
  moonshot: {
    rejected: [401, openai("Invalid Authentication", null, "invalid_authentication_error")],
    quota: [
      429,
      openai("You exceeded your current token quota: 0", null, "exceeded_current_quota_error"),
    ],
    rate: [429, openai("max organization concurrency: 1", null, "rate_limit_reached_error")],
    model: [
      404,
      openai("Not found the model x or Permission denied", null, "resource_not_found_error"),
    ],
    blocked: [400, openai("considered high risk", null, "content_filter")],
  },
  zai: {
    rejected: [401, zai("1002", "Authentication Token is illegal")],
    quota: [429, zai("1113", "Your account is in arrears")],
    rate: [429, zai("1302", "High concurrency usage of this API")],
    model: [400, zai("1211", "Unknown Model, please check the model code.")],
    blocked: [400, zai("1301", "System detected potentially unsafe or sensitive content.")],
  },
  minimax: {
    rejected: [401, minimax(2049, "invalid api key")],
    quota: [429, minimax(1008, "insufficient balance")],
    rate: [429, minimax(1039, "token limit")],
    model: [400, minimax(2013, "invalid params, unknown model 'x'")],
    blocked: [400, minimax(1026, "input new_sensitive")],
  },
  xai: {
    rejected: [400, { code: "invalid-argument", error: "Incorrect API key provided: na***ys." }],
    quota: [403, { code: "no permission", error: "Your team doesn't have any credits yet." }],
    rate: [429, { code: "resource exhausted", error: "Too many requests for this team" }],
    model: [
      404,
      { code: "not found", error: "The model x does not exist or your team has no access" },
    ],
    blocked: [403, { code: "no", error: "Content violates usage guidelines. Failed check: X" }],
  },
  requesty: {
    rejected: [401, openai("Invalid API key")],
    quota: [
      403,
      openai("API key monthly spend limit reached"),
      undefined,
      "raise the limit at https://app.requesty.ai, or use another key",
    ],
    rate: [429, openai("Rate limit exceeded")],
    model: [404, openai("Model not found: foo/bar")],
    blocked: [400, openai("Blocked by content policy")],
  },
  openai: {
    rejected: [401, openai("Incorrect API key provided", "invalid_api_key")],
    quota: [429, openai("You exceeded your current quota", "insufficient_quota")],
    rate: [
      429,
      openai("Rate limit reached for gpt-x on tokens per min (TPM)", "rate_limit_exceeded"),
    ],
    model: [
      404,
      openai("The model `x` does not exist or you do not have access", "model_not_found"),
    ],
    blocked: [
      400,
      openai("Invalid prompt: we've limited access to this content", "invalid_prompt"),
    ],
  },
  azure: {
    rejected: [401, openai("Access denied due to invalid subscription key", "401")],
    quota: [429, openai("You have used up your credit", "insufficient_quota")],
    rate: [429, openai("Requests have exceeded token rate limit", "429")],
    model: [
      404,
      openai("The API deployment for this resource does not exist.", "DeploymentNotFound"),
      undefined,
      "give the name of the deployment as `--model`, not that of the model",
    ],
    blocked: [400, openai("triggering Azure OpenAI's content management policy", "content_filter")],
  },
  anthropic: {
    rejected: [401, anthropic("authentication_error", "invalid x-api-key")],
    quota: [400, anthropic("invalid_request_error", "Your credit balance is too low")],
    rate: [429, anthropic("rate_limit_error", "This would exceed your rate limit")],
    model: [404, anthropic("not_found_error", "model: claude-x")],
    blocked: [
      400,
      anthropic("invalid_request_error", "Output blocked by content filtering policy"),
    ],
  },
  gemini: {
    rejected: [
      400,
      google(400, "INVALID_ARGUMENT", "API key not valid.", [{ reason: "API_KEY_INVALID" }]),
    ],
    quota: [
      429,
      google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: x, limit: 0, model: m"),
      "the plan of the account at HOST does not include this model",
      "set up billing at https://aistudio.google.com, or choose another model with `--model`",
    ],
    rate: [
      429,
      google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: x, limit: 50", [
        { violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }] },
        { retryDelay: "34s" },
      ]),
      "HOST takes no more requests of this model today",
      "try again tomorrow, or choose another model with `--model`",
    ],
    model: [404, google(404, "NOT_FOUND", "models/x is not found for API version v1beta")],
    blocked: [
      400,
      google(400, "INVALID_ARGUMENT", "Prompt was blocked", [{ reason: "PROHIBITED_CONTENT" }]),
    ],
  },
  ollama: {
    ...LOCAL,
    model: [
      404,
      openai('model "x" not found, try pulling it first', null),
      undefined,
      "fetch it with `ollama pull MODEL`, or choose one that `qwen models --remote` lists",
    ],
  },
  lmstudio: {
    ...LOCAL,
    model: [
      404,
      { error: "No models loaded. Please load a model" },
      undefined,
      "load one in LM Studio, or with `lms load MODEL`",
    ],
  },
  vllm: LOCAL,
  llamacpp: LOCAL,
  litellm: LOCAL,
  mistral: {
    rejected: [401, { message: "Unauthorized", request_id: "1" }],
    quota: [402, { object: "error", message: "Payment required", type: "billing" }],
    rate: [429, { object: "error", message: "Requests rate limit exceeded", type: "rate_limited" }],
    model: [
      400,
      { object: "error", message: "Invalid model: x", type: "invalid_model", code: "1500" },
    ],
    blocked: [400, openai("Blocked by content policy", "content_filter")],
  },
  groq: {
    ...HOSTED,
    rejected: [401, openai("Invalid API Key", "invalid_api_key")],
    rate: [
      429,
      openai("Rate limit reached for model `m` on tokens per minute", "rate_limit_exceeded"),
    ],
  },
  cerebras: {
    ...HOSTED,
    rate: [
      429,
      openai(
        "Tokens per minute limit exceeded - too many tokens processed.",
        "token_quota_exceeded",
        "too_many_tokens_error",
      ),
    ],
  },
  siliconflow: {
    rejected: [401, "Invalid token"],
    quota: [
      403,
      { code: 30001, message: "Sorry, your account balance is insufficient", data: null },
    ],
    rate: [
      429,
      { message: "Request was rejected due to rate limiting. Details:TPM limit reached." },
    ],
    model: [
      400,
      { code: 20012, message: "Model does not exist. Please check it carefully.", data: null },
    ],
    blocked: [400, openai("The prompt was flagged", "content_filter")],
  },
  ark: {
    rejected: [
      401,
      openai("The API key in the request is missing or invalid.", "AuthenticationError"),
    ],
    quota: [
      403,
      openai(
        "The request failed because your account has an overdue balance.",
        "AccountOverdueError",
        "Forbidden",
      ),
    ],
    rate: [
      429,
      openai(
        "The Requests Per Minute (RPM) limit of the associated endpoint has been exceeded.",
        "RateLimitExceeded.EndpointRPMExceeded",
        "TooManyRequests",
      ),
    ],
    model: [
      404,
      openai(
        "The model or endpoint x does not exist or you do not have access to it.",
        "InvalidEndpointOrModel.NotFound",
        "NotFound",
      ),
    ],
    blocked: [
      400,
      openai(
        "The request failed because the input may contain sensitive information.",
        "SensitiveContentDetected",
      ),
    ],
  },
  hunyuan: {
    ...HOSTED,
    rejected: [401, openai("密钥不存在。", "AuthFailure.SecretIdNotFound")],
    quota: [400, openai("资源包余量已用尽", "FailedOperation.ResourcePackExhausted")],
    rate: [400, openai("请求的次数超过了频率限制", "RequestLimitExceeded.UinLimitExceeded")],
  },
  together: HOSTED,
  nvidia: {
    ...HOSTED,
    rejected: [403, { status: 403, title: "Forbidden", detail: "Authorization failed" }],
    quota: [
      402,
      {
        status: 402,
        title: "Payment Required",
        detail: "Account 'x': Cloud credits expired - Please contact NVIDIA representatives",
      },
    ],
  },
  "github-models": {
    ...HOSTED,
    rejected: [401, openai("Bad credentials", "unauthorized")],
    rate: [
      429,
      openai(
        "Rate limit of 10 per 60s exceeded for UserByModelByMinute. Please wait 20 seconds.",
        "RateLimitReached",
      ),
    ],
    model: [400, openai("Unknown model: x", "unknown_model")],
  },
};

type Told = readonly [says: string, code: ErrorCode, exitCode: ExitCode];

const TOLD: Readonly<Record<Cause, Told>> = {
  rejected: ["HOST does not accept the key", "key-rejected", 4],
  quota: ["the account at HOST has nothing left to spend", "quota-exceeded", 1],
  rate: ["HOST takes no more requests for now", "rate-limited", 5],
  model: ["HOST does not have this model", "unknown-model", 1],
  blocked: ["HOST refused the prompt", "prompt-blocked", 1],
};

/** The hint of a cause, where the service has none of its own. */
function usualHint(cause: Cause, provider: (typeof PROVIDERS)[number]): string {
  const [endpoint] = provider.endpoints;
  const consoleUrl =
    provider.id === "azure" ? undefined : (endpoint?.consoleUrl ?? provider.consoleUrl);
  const [command] = ["coding-plan", "token-plan", "modelstudio"]
    .filter((id) => id === provider.id)
    .map((id) =>
      id === "coding-plan" ? "qwen auth coding-plan" : `qwen auth api-key --provider ${id}`,
    );
  const where = consoleUrl === undefined ? "" : ` at ${consoleUrl}`;
  return {
    rejected:
      command === undefined
        ? `check the key${where}, and set another one with \`qwen auth\``
        : `run \`${command} --region auto\` to find where it works: a key of Alibaba Cloud (sk- or sk-sp-) only does in its own region and for its own plan`,
    quota:
      consoleUrl === undefined
        ? "add credit to the account, or choose another model with `--model`"
        : `look at the account${where}, or choose another model with \`--model\``,
    rate: "try again later, or choose another model with `--model`",
    model: "run `qwen models --remote` to see which ones there are",
    blocked: "put it in other words: a filter of the service does not let it through",
  }[cause];
}

describe.each(PROVIDERS.map((provider) => [provider.id, provider] as const))(
  "%s:",
  (id, provider) => {
    const baseUrl = provider.endpoints[0]?.baseUrl ?? "https://x.openai.azure.com/openai/v1";
    const asked = { doing: 'ask "m"', baseUrl, protocol: provider.protocol, keyName: "the key" };
    const rows = failureRowsAt(baseUrl);
    const causes = Object.entries(CASES[id] ?? {}) as [Cause, Case][];

    test("every cause has a case", () => {
      expect(causes).toHaveLength(5);
    });

    test.each(causes)("%s", (cause, [status, body, ownSays, ownHint]) => {
      const [says, code, exitCode] = TOLD[cause];
      const text = JSON.stringify(body);
      const failure = answerFailure({ status, headers: new Headers(), body: text, now: 0, rows });
      const problem = requestProblem(failure, asked);
      const sentence = (ownSays ?? says).replace("HOST", URL.parse(baseUrl)?.host ?? "");
      expect(problem.message).toStartWith(`Cannot ask "m": ${sentence}`);
      expect(problem.message).toContain(failure.message);
      expect([problem.code, problem.exitCode, problem.hint]).toEqual([
        code,
        exitCode,
        ownHint ?? usualHint(cause, provider),
      ]);
      // What waits in vain is not asked again; a minute's limit is.
      const isDay = problem.message.includes("today");
      expect(failure.shouldRetry ?? cause === "rate").toBe(cause === "rate" && !isDay);
    });
  },
);

describe("failureRowsAt()", () => {
  test.each([
    ["https://ws1.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1", "modelstudio"],
    ["https://coding.dashscope.aliyuncs.com/apps/anthropic", "coding-plan"],
    ["https://x.openai.azure.com/openai/deployments/d?api-version=1", "azure"],
    ["https://open.bigmodel.cn/api/anthropic", "zai"],
  ])("knows the service behind %s", (baseUrl, id) => {
    const known = PROVIDERS.find((provider) => provider.id === id);
    const own = known?.endpoints[0]?.baseUrl ?? "https://y.openai.azure.com/openai/v1";
    expect(failureRowsAt(baseUrl)).toBe(failureRowsAt(own));
    expect(failureRowsAt(baseUrl)).not.toBeEmpty();
  });

  test("knows nothing of others, and of servers nearby what each of them says", () => {
    expect(failureRowsAt("https://gateway.example/v1")).toEqual([]);
    expect(failureRowsAt("not a url")).toEqual([]);
    expect(failureRowsAt("http://gpu:9000/v1")).toBe(failureRowsAt("http://localhost:1234/v1"));
  });
});

/** Numbers and sentences of single services, beyond what all of them have. */
describe("rows of a service tell", () => {
  const ZAI = "https://api.z.ai/api/paas/v4";
  const PLAN = "https://coding.dashscope.aliyuncs.com/v1";
  const MINIMAX = "https://api.minimax.io/v1";
  test.each([
    [
      PLAN,
      429,
      openai("hour allocated quota exceeded.", "insufficient_quota"),
      "quota",
      "the Coding Plan's 5-hour quota is used up",
    ],
    [
      PLAN,
      429,
      openai("week allocated quota exceeded.", "throttling_error"),
      "quota",
      "the Coding Plan's quota of the week is used up",
    ],
    [
      PLAN,
      429,
      openai("month allocated quota exceeded."),
      "quota",
      "the Coding Plan's quota of the month is used up",
    ],
    [
      PLAN,
      429,
      openai("Free allocated quota exceeded.", "insufficient_quota"),
      "quota-exceeded",
      "the account at",
    ],
    [
      ZAI,
      429,
      zai("1308", "Usage limit reached for 5 hour."),
      "quota",
      "the GLM Coding Plan's 5-hour quota is used up",
    ],
    [
      ZAI,
      429,
      zai("1310", "Weekly limit"),
      "quota",
      "the GLM Coding Plan's quota of the week or month is used up",
    ],
    [
      ZAI,
      429,
      zai("1309", "Your plan has expired"),
      "quota-exceeded",
      "the GLM Coding Plan at api.z.ai has run out",
    ],
    [
      ZAI,
      429,
      zai("1304", "The daily limit"),
      "rate-limited",
      "api.z.ai takes no more requests today",
    ],
    [
      ZAI,
      429,
      zai("1311", "Your plan has no access to glm-x"),
      "not-allowed",
      "api.z.ai does not allow this model",
    ],
    [ZAI, 429, zai("1313", "Fair use"), "not-allowed", "api.z.ai refuses the request"],
    [ZAI, 400, zai("1261", "Prompt too long"), "prompt-too-long", "the conversation is too long"],
    [
      "https://api.cerebras.ai/v1",
      429,
      openai("Requests per day limit exceeded - too many requests.", "request_quota_exceeded"),
      "rate-limited",
      "api.cerebras.ai takes no more requests today",
    ],
    [
      "https://api.together.ai/v1",
      403,
      openai("Input token count + max_tokens must be less than the context length"),
      "prompt-too-long",
      "the conversation is too long",
    ],
    [
      "https://api.together.ai/v1",
      403,
      openai("The request has more tokens than it may"),
      "prompt-too-long",
      "the conversation is too long",
    ],
    [
      "https://api.groq.com/openai/v1",
      498,
      openai("Flex tier capacity exceeded"),
      "rate-limited",
      "api.groq.com takes no more requests for now",
    ],
    [
      "https://api.groq.com/openai/v1",
      413,
      openai("Request too large for model `m` on tokens per minute"),
      "prompt-too-long",
      "the conversation is too long",
    ],
    [
      "https://api.siliconflow.cn/v1",
      403,
      { code: 1, message: "请先完成实名认证" },
      "not-allowed",
      "api.siliconflow.cn refuses the request",
    ],
    [
      "https://integrate.api.nvidia.com/v1",
      403,
      { status: 403, title: "Forbidden", detail: "Function 'f-1': not shared with the account" },
      "not-allowed",
      "integrate.api.nvidia.com does not allow this model",
    ],
    [
      "https://integrate.api.nvidia.com/v1",
      403,
      { status: 403, title: "Forbidden", detail: "Authorization failed" },
      "key-rejected",
      "integrate.api.nvidia.com does not accept the key",
    ],
    [
      "https://api.fireworks.ai/inference/v1",
      412,
      openai("Precondition failed"),
      "not-allowed",
      "api.fireworks.ai refuses the request",
    ],
    [
      "https://integrate.api.nvidia.com/v1",
      404,
      { status: 404, title: "Not Found", detail: "Function 'f-1': Not found for account 'a-1'" },
      "not-allowed",
      "integrate.api.nvidia.com does not allow this model",
    ],
    [
      "https://models.github.ai/inference",
      401,
      openai("The `models` permission is required to access this endpoint", "unauthorized"),
      "not-allowed",
      "the token may not ask models at models.github.ai",
    ],
    [
      "https://models.github.ai/inference",
      429,
      openai("Rate limit of 50 per 86400s exceeded for UserByModelByDay.", "RateLimitReached"),
      "rate-limited",
      "models.github.ai takes no more requests of this model today",
    ],
    [
      "https://models.github.ai/inference",
      403,
      openai("No access to model: openai/o3", "no_access"),
      "not-allowed",
      "models.github.ai does not allow this model",
    ],
    [
      "https://api.hunyuan.cloud.tencent.com/v1",
      400,
      openai("服务未开通，请前往控制台申请试用。", "FailedOperation.ServiceNotActivated"),
      "not-allowed",
      "api.hunyuan.cloud.tencent.com refuses the request",
    ],
    [
      MINIMAX,
      429,
      minimax(2056, "usage limit exceeded"),
      "quota",
      "the plan's 5-hour quota is used up",
    ],
    [
      MINIMAX,
      400,
      minimax(2061, "your current plan does not support the model"),
      "not-allowed",
      "api.minimax.io does not allow this model",
    ],
    [
      "https://openrouter.ai/api/v1",
      404,
      openai("No endpoints found matching your data policy", 404),
      "not-allowed",
      "openrouter.ai refuses the request",
    ],
    [
      "https://openrouter.ai/api/v1",
      404,
      openai("No allowed providers are available for the selected model.", 404),
      "not-allowed",
      "openrouter.ai does not allow this model",
    ],
    [
      "https://api-inference.modelscope.cn/v1",
      401,
      { errors: { message: "please bind your Alibaba Cloud account before use" } },
      "not-allowed",
      "api-inference.modelscope.cn refuses the request",
    ],
    [
      "https://api.openai.com/v1",
      401,
      openai("You must be a member of an organization to use the API"),
      "not-allowed",
      "api.openai.com refuses the request",
    ],
    [
      "https://api.openai.com/v1",
      400,
      openai("Your organization must be verified to stream this model."),
      "not-allowed",
      "api.openai.com does not allow this model",
    ],
    [
      "https://x.openai.azure.com/openai/v1",
      403,
      openai("Access denied due to Virtual Network/Firewall rules.", "403"),
      "not-allowed",
      "x.openai.azure.com refuses the request",
    ],
    [
      "https://x.openai.azure.com",
      404,
      openai("Resource not found", "404"),
      "not-found",
      "there is no such service at",
    ],
    [
      "http://localhost:11434/v1",
      500,
      openai("model requires more system memory (9 GiB) than is available"),
      "not-allowed",
      "localhost:11434 has too little memory",
    ],
  ] as const)("at %s %p %j", (baseUrl, status, body, code, says) => {
    const rows = failureRowsAt(baseUrl);
    const text = JSON.stringify(body);
    const failure = answerFailure({ status, headers: new Headers(), body: text, now: 0, rows });
    const problem = requestProblem(failure, { doing: "ask", baseUrl, keyName: "the key" });
    expect([problem.code, problem.message]).toEqual([
      code,
      expect.stringContaining(`Cannot ask: ${says}`),
    ]);
    // The same inside a stream, where only the status of an answer could tell otherwise.
    if (status !== 404 && status !== 403 && status !== 401) {
      expect(streamedFailure({ event: body, rows }).kind).toBe(failure.kind);
    }
  });
});
