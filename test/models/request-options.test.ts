import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { ConfigError } from "../../src/errors.ts";
import { EFFORTS } from "../../src/models/read-reasoning.ts";
import { resolveRequestOptions } from "../../src/models/request-options.ts";
import type { RequestOptions as Made, Resolution } from "../../src/models/resolution.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import type { Effort, Reasoning } from "../../src/protocols/chat-request.ts";
import { configuration, ofProject, PATHS } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

const ENTRY = { id: "m", envKey: "A_KEY", baseUrl: "https://a.example/v1" };

/** What a request is made of, and what is said of it. */
type RequestOptions = Made & { readonly warnings: readonly string[] };

function resolve(given: Given): RequestOptions {
  const variables = { A_KEY: "sk-mine", ...given.variables };
  const known = configuration({ ...given, variables });
  return optionsOf(known, resolveConnection(known, {}, CATALOGUE));
}

/** Also for a key that is withheld: what would go with it is decided all the same. */
function optionsOf(
  known: ReturnType<typeof configuration>,
  { protocol, model, endpoint, key, problem, ...rest }: Resolution,
): RequestOptions {
  const isKeyed = key.kind !== "missing" && key.kind !== "unusable";
  if (problem !== undefined || !protocol || !model || !endpoint || !isKeyed) {
    throw problem ?? new Error("nothing can be asked");
  }
  const complete = { ...rest, protocol, model, endpoint, key };
  const { request, warnings } = resolveRequestOptions(known, complete, CATALOGUE);
  return { ...request, warnings };
}

/** The user's entry with this `generationConfig`. */
function entry(generationConfig: object, more: Given["settings"] = {}): Given {
  const modelProviders = { openai: [{ ...ENTRY, generationConfig }] };
  return { settings: { ...more, user: { modelProviders, ...more.user } } };
}

const DEFAULTS: RequestOptions = {
  timeoutMs: 120_000,
  idleTimeoutMs: 240_000,
  maxRetries: 3,
  retry: {},
  body: {},
  customHeaders: {},
  warnings: [],
};

const PLACE = "modelProviders.openai[0].generationConfig";

const OFF: Reasoning = { kind: "off" };
const KNOWN = "it knows none, minimal, low, medium, high, xhigh, max";
const SHAPE = 'write it as {"effort": "high"}, or false';
const UNKNOWN = [
  [{ effort: "extreme" }, ".effort", KNOWN],
  [{ effort: 3 }, ".effort", KNOWN],
  [{ budget_tokens: "2k" }, ".budget_tokens", "it is a number of tokens"],
  [{ budget_tokens: 0 }, ".budget_tokens", "it is a number of tokens"],
  [{ enabled: true }, ".enabled", "it knows `effort` and `budget_tokens`"],
  [true, "", SHAPE],
  ["high", "", SHAPE],
  [[], "", SHAPE],
] as const;

function on(effort: Effort): Reasoning {
  return { kind: "on", effort };
}

/** The entry, and an effort for every model. */
function effortOf(reasoningEffort: string, generationConfig: object): Given {
  return entry(generationConfig, { user: { model: { reasoningEffort } } });
}

function notUnderstood(name: string, advice: string): string {
  return `\`${name}\` of \`${PATHS.user}\` is not understood: ${advice}`;
}

describe("resolveRequestOptions() understands", () => {
  const general = (generationConfig: object) => ({ user: { model: { generationConfig } } });
  const timeout = (value: string) => ({ QWEN_CODE_API_TIMEOUT_MS: value });
  const wrong = (name: string) => [
    `\`${PLACE}.${name}\` of \`${PATHS.user}\` is ignored: its type is wrong`,
  ];
  const cut = (name: string, most: number) => [
    `\`${PLACE}.${name}\` of \`${PATHS.user}\` is cut to ${most}`,
  ];
  type Case = readonly [name: string, given: Given, options: Partial<RequestOptions>];
  const cases: readonly Case[] = [
    ["nothing", entry({}), {}],
    [
      "every field of an entry",
      entry({
        timeout: 2000,
        maxRetries: 1,
        samplingParams: { top_p: 1 },
        extra_body: { x: 1 },
        reasoning: { effort: "high" },
        customHeaders: { "X-Own": "1" },
      }),
      {
        timeoutMs: 2000,
        maxRetries: 1,
        body: { samplingParams: { top_p: 1 }, extraBody: { x: 1 }, reasoning: on("high") },
        customHeaders: { "X-Own": "1" },
      },
    ],
    ["an idle limit", entry({ streamIdleTimeoutMs: 600_000 }), { idleTimeoutMs: 600_000 }],
    [
      "the variable of an idle limit",
      { ...entry({}), variables: { QWEN_STREAM_IDLE_TIMEOUT_MS: "7" } },
      { idleTimeoutMs: 7 },
    ],
    [
      "delays and statuses of tries",
      entry({ retryInitialDelayMs: 5, retryMaxDelayMs: 60_000, retryErrorCodes: [418] }),
      { retry: { firstMs: 5, longestMs: 60_000, statuses: [418] } },
    ],
    [
      "no longer delay than a server may ask for",
      entry({ retryMaxDelayMs: 90_000 }),
      { retry: { longestMs: 60_000 }, warnings: cut("retryMaxDelayMs", 60_000) },
    ],
    [
      "the variable of a longest answer",
      { ...entry({}), variables: { QWEN_CODE_MAX_OUTPUT_TOKENS: "99" } },
      { body: { samplingParams: { max_tokens: 99 } } },
    ],
    [
      "a longest answer of the settings before the variable's",
      {
        ...entry({ samplingParams: { max_tokens: 5 } }),
        variables: { QWEN_CODE_MAX_OUTPUT_TOKENS: "99" },
      },
      { body: { samplingParams: { max_tokens: 5 } } },
    ],
    ...["max_tokens", "max_completion_tokens", "max_new_tokens"].flatMap((name) =>
      (["samplingParams", "extra_body"] as const).map(
        (field): Case => [
          `\`${name}\` of \`${field}\` before the variable`,
          {
            ...entry({ [field]: { [name]: 5 } }),
            variables: { QWEN_CODE_MAX_OUTPUT_TOKENS: "99" },
          },
          { body: { [field === "extra_body" ? "extraBody" : field]: { [name]: 5 } } },
        ],
      ),
    ),
    [
      "the longest answer beside what else is sent",
      {
        ...entry({ samplingParams: { top_p: 1 } }),
        variables: { QWEN_CODE_MAX_OUTPUT_TOKENS: "99" },
      },
      { body: { samplingParams: { top_p: 1, max_tokens: 99 } } },
    ],
    [
      "no longest answer that is no number, and says so",
      { ...entry({}), variables: { QWEN_CODE_MAX_OUTPUT_TOKENS: "many" } },
      { warnings: ["QWEN_CODE_MAX_OUTPUT_TOKENS is ignored: it is no number of tokens"] },
    ],
    [
      "no statuses that are none",
      entry({ retryErrorCodes: ["x"] }),
      { warnings: wrong("retryErrorCodes") },
    ],
    ["settings for all models", entry({}, general({ maxRetries: 2 })), { maxRetries: 2 }],
    [
      "the entry's field as a whole over that of all models",
      entry({ maxRetries: 1 }, general({ maxRetries: 2, timeout: 7 })),
      { maxRetries: 1, timeoutMs: 7 },
    ],
    ["no limit", entry({ timeout: 0 }), { timeoutMs: 0 }],
    ["no retries", entry({ maxRetries: 0 }), { maxRetries: 0 }],
    [
      "no more than ten retries",
      entry({ maxRetries: 1000 }),
      { maxRetries: 10, warnings: cut("maxRetries", 10) },
    ],
    ["whole numbers", entry({ timeout: 10.9, maxRetries: 1.5 }), { timeoutMs: 11, maxRetries: 2 }],
    ["reasoning that is switched off", entry({ reasoning: false }), { body: { reasoning: OFF } }],
    [
      "an effort that is none",
      entry({ reasoning: { effort: "none" } }),
      { body: { reasoning: OFF } },
    ],
    ...EFFORTS.map(
      (effort): Case => [
        `the effort ${effort}`,
        entry({ reasoning: { effort } }),
        { body: { reasoning: on(effort) } },
      ],
    ),
    [
      "a budget to think with",
      entry({ reasoning: { budget_tokens: 2048 } }),
      { body: { reasoning: { kind: "on", budgetTokens: 2048 } } },
    ],
    ["the effort for every model", effortOf("max", {}), { body: { reasoning: on("max") } }],
    [
      "the effort for every model over the entry's",
      effortOf("max", { reasoning: { effort: "low", budget_tokens: 9 } }),
      { body: { reasoning: { kind: "on", effort: "max", budgetTokens: 9 } } },
    ],
    [
      "no effort where the entry switches it off",
      effortOf("max", { reasoning: false }),
      { body: { reasoning: OFF } },
    ],
    [
      "none for every model",
      effortOf("none", { reasoning: { effort: "low" } }),
      { body: { reasoning: OFF } },
    ],
    ["no switching off where it cannot be", effortOf("none", { thinkingMandatory: true }), {}],
    ...UNKNOWN.map(
      ([reasoning, field, advice]): Case => [
        `no reasoning such as ${JSON.stringify(reasoning)}, and says so`,
        entry({ reasoning }),
        { warnings: [notUnderstood(`${PLACE}.reasoning${field}`, advice)] },
      ],
    ),
    [
      "no effort for every model that is unknown, and says so",
      effortOf("extreme", {}),
      { warnings: [notUnderstood("model.reasoningEffort", KNOWN)] },
    ],
    ["the variable of a limit", { ...entry({}), variables: timeout("50") }, { timeoutMs: 50 }],
    [
      "the variable before settings for all models",
      { ...entry({}, general({ timeout: 7 })), variables: timeout("50") },
      { timeoutMs: 50 },
    ],
    [
      "the entry's limit before the variable",
      { ...entry({ timeout: 7 }), variables: timeout("50") },
      { timeoutMs: 7 },
    ],
    [
      "no variable that is no number",
      { ...entry({}), variables: timeout("1s") },
      { warnings: ["QWEN_CODE_API_TIMEOUT_MS is ignored: it is no number of milliseconds"] },
    ],
    ["no limit that is a text", entry({ timeout: "7" }), { warnings: wrong("timeout") }],
    ["no limit below nothing", entry({ timeout: -1 }), { warnings: wrong("timeout") }],
    ["no retries that are none", entry({ maxRetries: null }), { warnings: wrong("maxRetries") }],
    ["no list of bodies", entry({ extra_body: [] }), { warnings: wrong("extra_body") }],
    [
      "no text of parameters",
      entry({ samplingParams: "x" }),
      { warnings: wrong("samplingParams") },
    ],
  ];
  test.each(cases)("%s", (_name, given, options) => {
    expect(resolve(given)).toEqual({ ...DEFAULTS, ...options });
  });
});

describe("resolveRequestOptions() refuses the headers", () => {
  const cases: readonly (readonly [headers: unknown, why: string])[] = [
    ["x: y", "expected an object of names and texts"],
    [["x"], "expected an object of names and texts"],
    [{ "a b": "1" }, '"a b" is no name of a header'],
    [{ "": "1" }, '"" is no name of a header'],
    [{ "a\r\nb": "1" }, '"a\\r\\nb" is no name of a header'],
    [{ a: {} }, 'the value of "a" is no text that a header can hold'],
    [{ a: ["b"] }, 'the value of "a" is no text that a header can hold'],
    [{ a: "1\r\nb: 2" }, 'the value of "a" is no text that a header can hold'],
    [{ a: "€" }, 'the value of "a" is no text that a header can hold'],
    [{ "Content-Length": "1" }, 'the header "Content-Length" is not for settings to set'],
    [{ "transfer-encoding": "x" }, 'the header "transfer-encoding" is not for settings to set'],
    [{ "Keep-Alive": "5" }, 'the header "Keep-Alive" is not for settings to set'],
    [{ "content-encoding": "gzip" }, 'the header "content-encoding" is not for settings to set'],
    [{ Expect: "100-continue" }, 'the header "Expect" is not for settings to set'],
    [{ "Proxy-Authorization": "x" }, 'the header "Proxy-Authorization" is not for settings to set'],
  ];
  test.each(cases)("%j", (customHeaders, why) => {
    const name = `${PLACE}.customHeaders`;
    expect(() => resolve(entry({ customHeaders }))).toThrow(
      new ConfigError(`Cannot use \`${name}\` of \`${PATHS.user}\`: ${why}`),
    );
  });
});

describe("resolveRequestOptions() reads the headers", () => {
  const place = `\`${PLACE}.customHeaders\` of \`${PATHS.user}\``;
  const out = (name: string, why: string) => [
    `the header "${name}" of ${place} is left out: ${why}`,
  ];
  type Case = readonly [headers: object, sent: Record<string, string>, warnings: readonly string[]];
  const cases: readonly Case[] = [
    [{ a: 1, b: 0.5, c: true, d: false }, { a: "1", b: "0.5", c: "true", d: "false" }, []],
    [{ a: null, b: "1" }, { b: "1" }, []],
    [{ a: "", b: "5 $ and 6 $1 each" }, { a: "", b: "5 $ and 6 $1 each" }, []],
    [
      { a: "$" + "{session_id}", b: "1" },
      { b: "1" },
      out("a", "nothing fills `$" + "{session_id}`"),
    ],
    [{ a: "x-$" + "{X:-d}" }, {}, out("a", "nothing fills `$" + "{X:-d}`")],
    [{ a: "Bearer $NOT_SET" }, {}, out("a", "nothing fills `$NOT_SET`")],
    [{ Host: "b.example" }, {}, out("Host", "it is the endpoint's")],
    [{ hOST: "b.example", a: "1" }, { a: "1" }, out("hOST", "it is the endpoint's")],
  ];
  test.each(cases)("%j", (customHeaders, sent, warnings) => {
    const options = resolve(entry({ customHeaders }));
    expect([options.customHeaders, options.warnings]).toEqual([sent, warnings]);
  });
});

describe("resolveRequestOptions() between a user and a project", () => {
  const fields = {
    samplingParams: { top_p: 1 },
    extra_body: { x: 1 },
    customHeaders: { "X-Own": "1" },
  };
  const all = {
    body: { samplingParams: { top_p: 1 }, extraBody: { x: 1 } },
    customHeaders: { "X-Own": "1" },
  };
  const leftOut = (path: string, why: string, names = Object.keys(fields)) =>
    names.map((name) => `\`model.generationConfig.${name}\` of \`${path}\` is left out: ${why}`);
  const general = { model: { generationConfig: fields } };
  const at = (baseUrl: string) => ({ env: { OPENAI_BASE_URL: baseUrl } });
  const theirs = at("https://evil.example/v1");
  const mine = at("https://a.example/v1");
  const vendor = at("https://dashscope.aliyuncs.com/compatible-mode/v1");
  const notThere = "the endpoint is the project's, and its folder is not trusted";
  const notWith = "it is the project's, the key is yours, and the folder is not trusted";
  type Case = readonly [name: string, given: Given, options: Partial<RequestOptions>];
  const cases: readonly Case[] = [
    [
      "sends the user's to the user's endpoint",
      { settings: { user: { ...mine, ...general } } },
      all,
    ],
    [
      "sends nothing of the user's to a project's endpoint",
      { settings: { user: general, project: theirs } },
      { warnings: leftOut(PATHS.user, notThere) },
    ],
    [
      "sends it there when the folder is trusted",
      { settings: { user: general, project: theirs }, trusted: ["/repo"] },
      all,
    ],
    [
      "sends nothing of a project's with the user's key",
      { settings: { user: mine, project: general } },
      { warnings: leftOut(PATHS.project, notWith) },
    ],
    [
      "sends it when the folder is trusted",
      { settings: { user: mine, project: general }, trusted: ["/repo"] },
      all,
    ],
    [
      "sends nothing of the user's that a project's variable fills in with the user's key",
      {
        settings: { user: { ...mine, ...general } },
        projectPaths: ["extra_body.x", 'customHeaders["X-Own"]'].map(
          (path) => `model.generationConfig.${path}`,
        ),
      },
      {
        body: { samplingParams: all.body.samplingParams },
        warnings: leftOut(PATHS.user, `a part of ${notWith}`, ["extra_body", "customHeaders"]),
      },
    ],
    [
      "sends it with the project's key",
      {
        settings: { user: mine, project: general },
        variables: { OPENAI_API_KEY: ofProject("sk-p") },
      },
      all,
    ],
    [
      "sends a project's body, but no headers, to a vendor",
      { settings: { user: vendor, project: general } },
      { body: all.body, warnings: leftOut(PATHS.project, notWith, ["customHeaders"]) },
    ],
    [
      "takes limits of a project",
      {
        settings: {
          user: mine,
          project: { model: { generationConfig: { timeout: 5, maxRetries: 1 } } },
        },
      },
      { timeoutMs: 5, maxRetries: 1 },
    ],
    ...[600_001, 1e9, 1e300, Number.MAX_VALUE].map(
      (timeout): Case => [
        `cuts a limit of ${timeout} ms of a project`,
        { settings: { user: mine, project: { model: { generationConfig: { timeout } } } } },
        {
          timeoutMs: 600_000,
          warnings: [
            `\`model.generationConfig.timeout\` of \`${PATHS.project}\` is cut to 600000 ms: it is the project's`,
          ],
        },
      ],
    ),
    [
      "takes any limit of the user's",
      {
        settings: {
          user: { ...mine, model: { generationConfig: { timeout: 1e9 } } },
        },
      },
      { timeoutMs: 1e9 },
    ],
    [
      "leaves no question without a limit for a project",
      { settings: { user: mine, project: { model: { generationConfig: { timeout: 0 } } } } },
      {
        warnings: [
          `\`model.generationConfig.timeout\` of \`${PATHS.project}\` is left out: a project cannot take the limit away`,
        ],
      },
    ],
    [
      "sends nothing of a project's to a server of the user's that wants no key",
      {
        settings: { user: at("http://localhost:8000/v1"), project: general },
        variables: { OPENAI_API_KEY: "not-needed" },
      },
      {
        warnings: leftOut(
          PATHS.project,
          "it is the project's, the endpoint is yours, and the folder is not trusted",
        ),
      },
    ],
  ];
  test.each(cases)("%s", (_name, given, options) => {
    const variables = { OPENAI_MODEL: "m", OPENAI_API_KEY: "sk-mine", ...given.variables };
    expect(resolve({ ...given, variables })).toEqual({ ...DEFAULTS, ...options });
  });
});

describe("what belongs to an endpoint or a model stays with it:", () => {
  const sent = {
    samplingParams: { top_p: 1 },
    extra_body: { user: "alice" },
    reasoning: { effort: "high" },
    customHeaders: { Authorization: "Bearer of-a" },
  };
  const all = {
    body: {
      samplingParams: { top_p: 1 },
      extraBody: { user: "alice" },
      reasoning: { kind: "on", effort: "high" },
    },
    customHeaders: { Authorization: "Bearer of-a" },
  } as const;
  const limits = { timeout: 7, maxRetries: 1 };
  const own = {
    modelProviders: { openai: [{ ...ENTRY, generationConfig: { ...sent, ...limits } }] },
  };
  const elsewhere = { baseUrl: "https://b.example/v1", apiKey: "sk-for-b" };
  const names = Object.keys(sent).map((name) => `\`${name}\``);
  const notInherited = (why: string) => [
    `${names.join(", ")} of \`model.generationConfig\` in \`${PATHS.user}\` are left out: ${why}`,
  ];
  const general = { model: { generationConfig: { ...sent, ...limits } } };
  type Case = readonly [string, object, object, Partial<RequestOptions>];
  const cases: readonly Case[] = [
    ["its own model", own, {}, { ...all, timeoutMs: 7, maxRetries: 1 }],
    [
      "its own endpoint by flag",
      own,
      { baseUrl: `${ENTRY.baseUrl}/` },
      { ...all, timeoutMs: 7, maxRetries: 1 },
    ],
    ["another endpoint by flag", own, elsewhere, {}],
    ["another endpoint by flag, for the entry's model", own, { ...elsewhere, model: "m" }, {}],
    ["a deeper endpoint by flag", own, { ...elsewhere, baseUrl: `${ENTRY.baseUrl}/b` }, {}],
    ["another query by flag", own, { ...elsewhere, baseUrl: `${ENTRY.baseUrl}?to=b` }, {}],
    [
      "another model at its endpoint",
      own,
      { model: "other" },
      { customHeaders: all.customHeaders, timeoutMs: 7, maxRetries: 1 },
    ],
    [
      "an entry, and settings for models without one",
      { ...general, modelProviders: { openai: [ENTRY] } },
      {},
      { timeoutMs: 7, maxRetries: 1, warnings: notInherited("they serve models without an entry") },
    ],
    [
      "another endpoint by flag, and settings for models without an entry",
      { ...general, modelProviders: { openai: [ENTRY] } },
      elsewhere,
      {
        timeoutMs: 7,
        maxRetries: 1,
        warnings: notInherited("they are not for the endpoint of the command line"),
      },
    ],
    [
      "another endpoint by flag than that of the environment",
      { ...general, env: { OPENAI_BASE_URL: ENTRY.baseUrl } },
      { ...elsewhere, model: "m" },
      {
        timeoutMs: 7,
        maxRetries: 1,
        warnings: notInherited("they are not for the endpoint of the command line"),
      },
    ],
    [
      "no entry and no other endpoint",
      general,
      { ...elsewhere, model: "m" },
      { ...all, timeoutMs: 7, maxRetries: 1 },
    ],
  ];
  test.each(cases)("%s", (_name, user, flags, options) => {
    const known = configuration({ settings: { user: { ...user } }, variables: { A_KEY: "sk-a" } });
    const resolution = resolveConnection(known, flags, CATALOGUE);
    expect(optionsOf(known, resolution)).toEqual({
      ...DEFAULTS,
      ...options,
    });
  });
});
