import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
/** `SERVER` is the origin of a server that answers. */
const ENTRY = { id: "m", envKey: "K1", baseUrl: "SERVER/v1" };
const IMAGES = { ...ENTRY, id: "img", name: "Pictures", imageOnly: true };

function working(more: object = {}, entry: object = {}): object {
  return {
    env: { K1: KEY },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
    modelProviders: { openai: [{ ...ENTRY, ...entry }] },
    ...more,
  };
}

type Given = {
  readonly user: object;
  readonly project?: object | string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
};

/** A question and the status of one machine, and what the server saw. */
async function ask({ user, project, env = {}, args = [] }: Given) {
  const server = await scriptedServer(stream([OPENAI.text("pong"), OPENAI.finish]));
  const at = machine();
  const fill = (text: string): string => text.replaceAll("SERVER", server.origin);
  at.write(".qwen/settings.json", fill(JSON.stringify(user)));
  if (project !== undefined) {
    at.write(
      "p/.qwen/settings.json",
      fill(typeof project === "string" ? project : JSON.stringify(project)),
    );
  }
  const given = {
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
  };
  const asked = await qwen(at, ["-p", "hi", ...args.map(fill)], given);
  const status = await qwen(at, ["auth", "status", "--json", ...args.map(fill)], given);
  const bodies = server.requests.map(({ body }) => JSON.parse(body));
  return { at, asked, status: JSON.parse(status.stdout), bodies };
}

/** What is not understood is named, by the question and by the status, and the question goes out. */
const NAMED: readonly (readonly [says: string, given: Given])[] = [
  // Fields in a wrong place, or by another name.
  ...(
    [
      ["temperature", "samplingParams.temperature"],
      ["topP", "samplingParams.top_p"],
      ["maxTokens", "samplingParams.max_tokens"],
      ["max_output_tokens", "samplingParams.max_tokens"],
      ["reasoningEffort", "reasoning"],
      ["enable_thinking", "extra_body.enable_thinking"],
      ["idleTimeout", "streamIdleTimeoutMs"],
      ["retryDelay", "retryInitialDelayMs"],
      ["contextLength", "contextWindowSize"],
    ] as const
  ).flatMap(([written, meant]): [string, Given][] => [
    [
      `generationConfig.${written}\` in \`~/.qwen/settings.json\` is not read: did you mean \`${meant}\`?`,
      { user: working({}, { generationConfig: { [written]: 1 } }) },
    ],
    [
      `openai[0].${written}\` in \`~/.qwen/settings.json\` is not read: did you mean \`generationConfig.${meant}\`?`,
      { user: working({}, { [written]: 1 }) },
    ],
  ]),
  // Wrong types of fields without which one can ask.
  ["proxy: expected a string; it is ignored", { user: working({ proxy: 8080 }) }],
  ["proxy: expected a string; it is ignored", { user: working({ proxy: { url: "http://p" } }) }],
  ["providerProtocol: expected an object", { user: working({ providerProtocol: "openai" }) }],
  ["providerProtocol.x: expected a string", { user: working({ providerProtocol: { x: 5 } }) }],
  [
    "security.auth.envFile: expected an array",
    { user: working({ security: { auth: { selectedType: "openai", envFile: "K1" } } }) },
  ],
  [
    "security.auth.envFile[1]: expected a string",
    { user: working({ security: { auth: { selectedType: "openai", envFile: ["K1", 5] } } }) },
  ],
  ["codingPlan: expected an object", { user: working({ codingPlan: [], proxy: 5 }) }],
  ["wireApi` in `~/.qwen/settings.json` is ignored", { user: working({}, { wireApi: "chat" }) }],
  ["it knows chat-completions, responses", { user: working({}, { wireApi: "Responses" }) }],
  ["imageOnly` in `~/.qwen", { user: working({}, { imageOnly: "true" }) }],
  ["expected true or false", { user: working({}, { realtimeOnly: 1 }) }],
  [
    "contextWindowSize` in `~/.qwen/settings.json` is ignored: it is a number of tokens",
    { user: working({}, { generationConfig: { contextWindowSize: "1M" } }) },
  ],
  [
    "thinkingMandatory` of `~/.qwen/settings.json` is ignored",
    { user: working({}, { generationConfig: { thinkingMandatory: "yes" } }) },
  ],
  // Numbers that are cut, and variables that are none.
  [
    "maxRetries` of `~/.qwen/settings.json` is cut to 10",
    { user: working({}, { generationConfig: { maxRetries: 11 } }) },
  ],
  [
    "retryMaxDelayMs` of `~/.qwen/settings.json` is cut to 60000",
    { user: working({}, { generationConfig: { retryMaxDelayMs: 90_000 } }) },
  ],
  ...(["QWEN_CODE_API_TIMEOUT_MS", "QWEN_STREAM_IDLE_TIMEOUT_MS"] as const).flatMap((name) =>
    ["10s", "-1", "1e3"].map((value): [string, Given] => [
      `${name} is ignored: it is no number of milliseconds`,
      { user: working(), env: { [name]: value } },
    ]),
  ),
  // References that nothing fills.
  [
    'K1 is "$REAL_KEY", and that variable is not set',
    { user: working({ env: { K1: "$REAL_KEY" } }) },
  ],
  [
    "extra_body` of `~/.qwen/settings.json` is sent as it is: nothing fills `$WHO`",
    { user: working({}, { generationConfig: { extra_body: { a: [{ user: "$WHO" }] } } }) },
  ],
  [
    "samplingParams` of `~/.qwen/settings.json` is sent as it is: nothing fills `$" + "{END}`",
    { user: working({}, { generationConfig: { samplingParams: { stop: ["<$" + "{END}>"] } } }) },
  ],
  [
    'the model "$MODEL" is asked for as it is: nothing fills `$MODEL`',
    { user: working({ model: {} }, { id: "$MODEL" }) },
  ],
  [
    "modelProviders.openai.protocol` in `~/.qwen/settings.json` is ignored: its models are of `openai`",
    { user: working({ modelProviders: { openai: { protocol: "gemini", models: [ENTRY] } } }) },
  ],
  // What only the user may say.
  [
    "`proxy` in `~/p/.qwen/settings.json` was ignored: it is a project's",
    { user: working(), project: { proxy: "http://127.0.0.1:9" } },
  ],
];

describe("what is not understood is named:", () => {
  test.each(NAMED)("%s (%j)", async (says, given) => {
    const { at, asked, status, bodies } = await ask(given);
    const stderr = asked.stderr.replaceAll(at.home, "~");
    expect({ exitCode: asked.exitCode, asked: bodies.length, stderr }).toEqual({
      exitCode: 0,
      asked: 1,
      stderr: expect.stringContaining(says),
    });
    expect(status.state).toBe("configured");
    expect(status.warnings.join("\n").replaceAll(at.home, "~")).toContain(says);
  });

  test("and what is understood is not", async () => {
    const generationConfig = {
      samplingParams: { temperature: 1, stop: ["$", "a$b", "$5"] },
      extra_body: { price: "5$ a day" },
      contextWindowSize: 1000,
      maxRetries: 10,
      retryMaxDelayMs: 60_000,
      thinkingMandatory: false,
    };
    const entry = { wireApi: "chat-completions", imageOnly: false, generationConfig };
    const { asked } = await ask({
      user: working({ providerProtocol: { mine: "openai" }, proxy: "" }, entry),
      env: { QWEN_CODE_API_TIMEOUT_MS: " 5000 ", QWEN_STREAM_IDLE_TIMEOUT_MS: "0" },
    });
    expect([asked.exitCode, asked.stderr]).toEqual([0, ""]);
  });

  test("nor is a group of version 5 that says what it is", async () => {
    const mine = { protocol: "openai", models: [ENTRY] };
    const { asked, bodies } = await ask({ user: working({ modelProviders: { mine } }) });
    expect([asked.stderr, bodies.length]).toEqual(["", 1]);
  });
});

describe("an entry that answers no chat refuses by whatever name it is asked for:", () => {
  const both = (name: string): object =>
    working({ model: { name }, modelProviders: { openai: [ENTRY, IMAGES] } });
  const elsewhere = (name: string): object =>
    working({ model: { name }, modelProviders: { openai: [ENTRY], gemini: [IMAGES] } });
  const asked: readonly (readonly [name: string, given: Given])[] = [
    ["its id", { user: both("m"), args: ["-m", "img"] }],
    ["its name", { user: both("m"), args: ["-m", "Pictures"] }],
    ["its id and variable", { user: both("m"), args: ["-m", "img@K1"] }],
    ["its id and URL", { user: both("m"), args: ["-m", "img@SERVER/v1"] }],
    ["a runtime's name", { user: both("m"), args: ["-m", "$runtime|openai|img"] }],
    ["`model.name`", { user: both("img") }],
    ["the name in `model.name`", { user: both("Pictures") }],
    ["another protocol", { user: elsewhere("img") }],
    ["another protocol's, by flag", { user: elsewhere("m"), args: ["-m", "img"] }],
    [
      "a variable",
      {
        user: working({ model: {}, modelProviders: { openai: [ENTRY, IMAGES] } }),
        env: { OPENAI_MODEL: "img" },
      },
    ],
  ];
  test.each(asked)("%s", async (_name, given) => {
    const { asked, bodies } = await ask(given);
    expect([asked.exitCode, bodies]).toEqual([3, []]);
    expect(asked.stderr).toContain('Cannot use the model "img"');
    expect(asked.stderr).toContain("imageOnly");
  });

  test("also where a flag means another protocol, but not if it is asked for there", async () => {
    const flags = ["--openai-base-url", "SERVER/v1", "--openai-api-key", KEY];
    const user = working({ model: { name: "img" }, modelProviders: { gemini: [IMAGES] } });
    const selected = await ask({ user, args: flags });
    expect([selected.asked.exitCode, selected.bodies]).toEqual([3, []]);
    const typed = await ask({ user, args: ["-m", "img", ...flags] });
    expect(typed.bodies).toMatchObject([{ model: "img" }]);
  });

  test("a variable's model goes to the variables' own server all the same", async () => {
    const { bodies } = await ask({
      user: working({ model: {}, modelProviders: { openai: [ENTRY, IMAGES] } }),
      env: { OPENAI_MODEL: "img", OPENAI_API_KEY: KEY, OPENAI_BASE_URL: "SERVER/v1" },
    });
    expect(bodies).toMatchObject([{ model: "img" }]);
  });
});

describe("a name that Qwen Code wrote for a running model", () => {
  test("is taken off in a variable as well", async () => {
    const user = working({ model: {} });
    const { bodies } = await ask({ user, env: { OPENAI_MODEL: "$runtime|openai|m" } });
    expect(bodies).toMatchObject([{ model: "m" }]);
  });

  test.each(["$runtime|openai|", "$runtime||"])("%s is none", async (name) => {
    const { asked, bodies } = await ask({ user: working({ model: { name } }) });
    expect([asked.exitCode, bodies]).toMatchObject([0, [{ model: "m" }]]);
  });
});

test.each([
  ["--openai-api-key", KEY],
  ["--openai-base-url", "SERVER/v1"],
])("%s without a model of openai says which protocol it means", async (flag, value) => {
  const user = working({
    security: { auth: { selectedType: "gemini" } },
    modelProviders: { gemini: [ENTRY] },
  });
  const { asked, status, bodies } = await ask({ user, args: [flag, value] });
  expect([asked.exitCode, bodies]).toEqual([4, []]);
  expect(asked.stderr).toContain(`no model is chosen for openai, which \`${flag}\` means`);
  expect(status.problem.reason).toContain(flag);
});

test("`-m` is a way past a `model.name` that is wrong, whoever wrote it", async () => {
  const user = working({ model: { name: "typo" } });
  const mine = await ask({ user, args: ["-m", "other"] });
  expect([mine.asked.exitCode, mine.bodies]).toMatchObject([0, [{ model: "other" }]]);
  const project = { model: { name: "nobody's" } };
  const theirs = await ask({ user: working(), project, args: ["-m", "other"] });
  expect([theirs.asked.exitCode, theirs.bodies]).toMatchObject([0, [{ model: "other" }]]);
  expect(theirs.asked.stderr).toContain('"other" is not configured; it is sent as it is to');
  const images = working({
    model: { name: "img" },
    modelProviders: { openai: [IMAGES, ENTRY] },
  });
  const past = await ask({ user: images, args: ["-m", "other"] });
  expect(past.bodies).toMatchObject([{ model: "other" }]);
});

test("what tells entries of one id apart is said once each, and means one", async () => {
  const openai = [ENTRY, ENTRY, { id: "m", envKey: "K2" }];
  const { asked } = await ask({ user: working({ modelProviders: { openai } }) });
  expect(asked.stderr).toContain("choose one with `m@K1` or `m@K2`");
});

test("white space around the name of a variable is nobody's", async () => {
  const { asked } = await ask({ user: working({}, { envKey: " K1\n" }) });
  expect([asked.exitCode, asked.stderr]).toEqual([0, ""]);
});

describe("models below a name that is no protocol's: what to do", () => {
  const cases: readonly (readonly [key: string, hint: string])[] = [
    ["OpenAI", "hint: write `openai` instead"],
    ["openai ", "hint: write `openai` instead"],
    ["claude", '"providerProtocol": {"claude": "anthropic"}'],
    ["google", '"providerProtocol": {"google": "gemini"}'],
    ["openrouter", '"providerProtocol": {"openrouter": "openai"}'],
    ["vertex-ai", "it is not supported here"],
    ["qwen-oauth", "it is not supported here"],
  ];
  test.each(cases)("%s", async (key, hint) => {
    const { asked, bodies } = await ask({ user: working({ modelProviders: { [key]: [ENTRY] } }) });
    expect([asked.exitCode, bodies]).toEqual([3, []]);
    expect(asked.stderr).toContain(hint);
  });
});

describe("a project's file that stops everything says how to go on without it:", () => {
  const cases: readonly (readonly [name: string, project: object | string])[] = [
    ["a model that nobody has", { model: { name: "nobody's" } }],
    ["a type that is enforced", { security: { auth: { enforcedType: "gemini" } } }],
    ["no JSON", '{"model": {'],
    ["no object", "[]"],
    ["a wrong type", { model: { name: 5 } }],
  ];
  test.each(cases)("%s", async (_name, project) => {
    const { at, asked } = await ask({ user: working(), project });
    expect([3, 4]).toContain(asked.exitCode);
    expect(asked.stderr).toMatch(/hint: .*`--no-project`/);
    const without = await qwen(at, ["auth", "status", "--no-project"]);
    expect(without.exitCode).toBe(0);
  });
});
