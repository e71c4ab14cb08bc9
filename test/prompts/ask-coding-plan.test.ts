import { describe, expect, test } from "bun:test";
import { CODING_PLAN } from "../../src/auth/providers/alibaba-providers.ts";
import { toLoginOptions } from "../../src/flags/login-flags.ts";
import { askCodingPlan, type CodingPlanOptions } from "../../src/prompts/ask-coding-plan.ts";
import type { Answer } from "../../src/runtime.ts";
import { GLOBALS, networked, setUp } from "../connect/set-up.ts";
import { laterProblemOf } from "../support/problem-of.ts";

const KEY = "sk-sp-0123456789abcdef";
const [CHINA, GLOBAL] = CODING_PLAN.endpoints;
const OPTIONS: CodingPlanOptions = {
  ...toLoginOptions({}, GLOBALS),
  endpoint: undefined,
  autoRegion: false,
  models: undefined,
  model: undefined,
};

const value = (text: string) => ({ kind: "value", value: text }) as const;
const refused = () => new Response("", { status: 401 });

type Given = {
  readonly options?: Partial<CodingPlanOptions>;
  readonly answers?: readonly Answer<string>[];
  readonly env?: Readonly<Record<string, string>>;
  /** The hosts whose service takes the key. */
  readonly taking?: readonly string[];
};

/** A person at a terminal who answers so, with services that take a key or refuse it. */
async function ask({ options = {}, answers = [], env = {}, taking = [] }: Given) {
  const { runtime } = setUp({ env, terminals: ["stdin", "stderr"], answers });
  const { at, asked } = networked(runtime, (url, key) =>
    key === KEY && taking.includes(URL.parse(url)?.host ?? "")
      ? Response.json({ data: CODING_PLAN.models.map(({ id }) => ({ id })) })
      : refused(),
  );
  const answer = await askCodingPlan(at, { ...OPTIONS, ...options });
  const hosts = new Set(asked.map(({ url }) => URL.parse(url)?.host));
  return { answer, questions: runtime.asked, rows: runtime.rows, hosts: [...hosts].sort() };
}

const OFFLINE = { QWEN_OFFLINE: "1" };
const hostOf = (endpoint: { readonly baseUrl: string }) => new URL(endpoint.baseUrl).host;

describe("askCodingPlan()", () => {
  test("asks for region and key; offers to find the region where the service may be asked", async () => {
    const answers = [value("global"), value(KEY)];
    const open = await ask({ answers, taking: [hostOf(GLOBAL)] });
    expect(open.answer).toMatchObject({
      kind: "value",
      value: {
        login: { provider: CODING_PLAN, region: "global", baseUrl: GLOBAL.baseUrl, key: KEY },
        verification: { state: "ok" },
      },
    });
    expect(open.rows.map((rows) => rows.map((row) => row.value))).toEqual([
      ["china", "global", "auto"],
    ]);
    expect(open.hosts).toEqual([hostOf(GLOBAL)]);

    for (const closed of [{ env: OFFLINE }, { options: { verify: false } }]) {
      const { answer, rows, hosts } = await ask({ answers, ...closed });
      expect(answer).toMatchObject({ value: { login: { region: "global" } } });
      expect(answer).toMatchObject({ value: { verification: undefined } });
      expect(rows.map((each) => each.map((row) => row.value))).toEqual([["china", "global"]]);
      expect(hosts).toEqual([]);
    }
  });

  test.each([
    ["is not sure", {}, [value("auto"), value(KEY)]],
    ["said --region auto", { autoRegion: true }, [value(KEY)]],
  ])("finds the region for whoever %s", async (_name, options, answers) => {
    const { answer, hosts } = await ask({ options, answers, taking: [hostOf(GLOBAL)] });
    expect(answer).toMatchObject({
      value: { login: { region: "global" }, verification: { state: "ok" } },
    });
    expect(hosts).toEqual([hostOf(GLOBAL), hostOf(CHINA)].sort());
  });

  test("asks no region that was given, and checks no key that was given", async () => {
    const key = { kind: "flag", key: KEY } as const;
    const { answer, questions, hosts } = await ask({ options: { endpoint: GLOBAL, key } });
    expect(answer).toMatchObject({
      value: { login: { region: "global", key: KEY }, verification: undefined },
    });
    expect([questions, hosts]).toEqual([[], []]);
  });

  test("takes models, store and account along", async () => {
    const options = {
      endpoint: CHINA,
      models: ["a", "b"],
      model: "b",
      store: "env-file",
      account: "work",
    } as const;
    const { answer } = await ask({ options, answers: [value(KEY)], env: OFFLINE });
    expect(answer).toMatchObject({
      value: { login: { models: ["a", "b"], model: "b", store: "env-file", account: "work" } },
    });
  });

  test("leads to another region where the key works there", async () => {
    const answers = [value("china"), value(KEY), value("yes"), value("yes")];
    const { answer, questions } = await ask({ answers, taking: [hostOf(GLOBAL)] });
    expect(answer).toMatchObject({ value: { login: { region: "global" } } });
    expect(questions.slice(2)).toEqual([
      "Try it at the other regions and plans of Alibaba Cloud?",
      "Use global?",
    ]);
  });

  test("goes back to the key where it works nowhere, or the person does not want that", async () => {
    const other = [value("no"), { kind: "cancelled" } as const];
    const { answer, questions } = await ask({ answers: [value("china"), value(KEY), ...other] });
    expect(answer).toEqual({ kind: "cancelled" });
    expect(questions).toHaveLength(4);
    expect(questions[3]).toStartWith("Enter your Coding Plan API key:");
  });

  test.each([
    [OFFLINE, {}, "`QWEN_OFFLINE` is set"],
    [{}, { verify: false }, "with `--no-verify`"],
  ])("needs the service for --region auto: %j %j", async (env, more, why) => {
    const work = () => ask({ env, options: { autoRegion: true, ...more } });
    expect((await laterProblemOf(work))?.message).toContain(why);
  });
});

test("askCodingPlan() says where a key works that is another plan's", async () => {
  const { runtime } = setUp({
    terminals: ["stdin", "stderr"],
    answers: [value("china"), value(KEY), value("yes")],
  });
  const { at } = networked(runtime, (url, key) =>
    key === KEY && url.startsWith("https://dashscope-intl.")
      ? Response.json({ data: [{ id: "qwen3.5-plus" }] })
      : refused(),
  );
  expect(await askCodingPlan(at, OPTIONS)).toEqual({ kind: "cancelled" });
  expect(runtime.written.stderr).toContain(
    "This key works at Alibaba Cloud ModelStudio Standard API Key (sg-singapore): qwen auth api-key --provider modelstudio --region sg-singapore\n",
  );
});
