import { describe, expect, test } from "bun:test";
import type { Login } from "../../src/auth/login/login.ts";
import { CODING_PLAN } from "../../src/auth/providers/alibaba-providers.ts";
import { customEnvKey } from "../../src/auth/providers/custom-env-key.ts";
import { toLoginOptions } from "../../src/flags/login-flags.ts";
import { checkTypedKey } from "../../src/prompts/check-typed-key.ts";
import type { Answer } from "../../src/runtime.ts";
import { GLOBALS, networked, setUp } from "../connect/set-up.ts";

const KEY = "sk-sp-0123456789abcdef";
const [CHINA, GLOBAL] = CODING_PLAN.endpoints;
const PLAN: Login = {
  provider: CODING_PLAN,
  region: "china",
  protocol: "openai",
  baseUrl: CHINA.baseUrl,
  envKey: CODING_PLAN.envKey,
  key: KEY,
  store: "settings",
  models: undefined,
  model: undefined,
  label: undefined,
  account: undefined,
};
const OWN_URL = "https://own.example";
const OWN: Login = {
  ...PLAN,
  provider: undefined,
  region: undefined,
  baseUrl: OWN_URL,
  envKey: customEnvKey("openai", OWN_URL),
  key: "own-0123456789abcdef",
};

type Given = {
  readonly login?: Login;
  readonly answers?: readonly (string | Answer<string>)[];
  readonly declined?: string;
  /** What stands behind a URL; nothing takes the key elsewhere. */
  readonly replies: (url: string) => Response | undefined;
};

/** A service that takes every key. */
const takes = (url: string) =>
  url.endsWith("/models")
    ? Response.json({ data: [{ id: "m" }] })
    : Response.json({ choices: [{ message: { role: "assistant", content: "Hi" } }] });
const refused = () => new Response("", { status: 401 });

async function check({ login = PLAN, answers = [], declined, replies }: Given) {
  const { runtime } = setUp({
    terminals: ["stdin"],
    answers: answers.map((each) =>
      typeof each === "string" ? { kind: "value", value: each } : each,
    ),
  });
  const { at } = networked(runtime, (url) => replies(url) ?? refused());
  const answer = await checkTypedKey(at, toLoginOptions({}, GLOBALS), {
    login,
    model: "m",
    declined,
  });
  return { answer, questions: runtime.questions, said: runtime.written.stderr };
}

const at = (endpoint: { readonly baseUrl: string }) => (url: string) =>
  url.startsWith(endpoint.baseUrl) ? takes(url) : undefined;
const TRY = {
  message: "Try it at the other regions and plans of Alibaba Cloud?",
  yes: "Try",
  no: "Go back",
};
const USE = { message: "Use global?", yes: "Yes", no: "Go back" };
const BACK = { kind: "back" } as const;
const CANCELLED = { kind: "cancelled" } as const;

describe("checkTypedKey()", () => {
  test("asks nothing where the key is taken", async () => {
    const { answer, questions, said } = await check({ replies: at(CHINA) });
    expect(answer).toMatchObject({ kind: "given", value: { verification: { state: "ok" } } });
    expect(answer).not.toHaveProperty("value.endpoint");
    expect([questions, said]).toEqual([[], ""]);
  });

  test("warns of a key that cannot be one of the provider, before it is asked", async () => {
    const login = { ...PLAN, key: "sk-or-0123456789abcdef" };
    const { said } = await check({ login, replies: at(CHINA) });
    expect(said).toMatch(/^warning: .*\n$/);
  });

  test("goes back where an endpoint of one's own refuses it", async () => {
    const { answer, questions, said } = await check({ login: OWN, replies: refused });
    expect([answer, questions]).toEqual([BACK, []]);
    expect(said).toMatch(/^\n.*\n\n$/);
  });

  test.each<readonly [string, Answer<string> | string, Answer<never>]>([
    ["no", "no", BACK],
    ["Escape", BACK, BACK],
    ["Ctrl+C", CANCELLED, CANCELLED],
  ])("asks whether to try it elsewhere: %s", async (_name, given, expected) => {
    const { answer, questions } = await check({ answers: [given], replies: refused });
    expect<unknown>(answer).toEqual(expected);
    expect(questions).toEqual([TRY]);
  });

  test("says where it works instead, and moves there", async () => {
    const { answer, questions, said } = await check({
      answers: ["yes", "yes"],
      replies: at(GLOBAL),
    });
    expect(answer).toMatchObject({
      kind: "value",
      value: { verification: { state: "ok" }, endpoint: { baseUrl: GLOBAL.baseUrl } },
    });
    expect(questions).toEqual([TRY, USE]);
    expect(said).toEndWith("\nThis key works on global, not on china.\n\n");
  });

  test.each<readonly [string, Answer<string> | string, Answer<never>]>([
    ["no", "no", BACK],
    ["Escape", BACK, BACK],
    ["Ctrl+C", CANCELLED, CANCELLED],
  ])("moves nowhere else: %s", async (_name, given, expected) => {
    const { answer } = await check({ answers: ["yes", given], replies: at(GLOBAL) });
    expect<unknown>(answer).toEqual(expected);
  });

  test("says that it works nowhere", async () => {
    const { answer, questions, said } = await check({ answers: ["yes"], replies: refused });
    expect([answer, questions]).toEqual([BACK, [TRY]]);
    expect(said).toEndWith("\nNo endpoint of Alibaba Cloud takes this key.\n\n");
  });

  test("says at which other plan it works, and which could not be asked", async () => {
    const { answer, said } = await check({
      answers: ["yes"],
      replies: (url) =>
        url.startsWith("https://dashscope.aliyuncs.com/")
          ? takes(url)
          : url.startsWith(GLOBAL.baseUrl)
            ? new Response("", { status: 503 })
            : undefined,
    });
    expect(answer).toEqual(BACK);
    const [, , ...lines] = said.trimEnd().split("\n");
    expect(lines.filter((line) => line !== "").sort()).toEqual([
      expect.stringMatching(/^.* could not be asked: .*503/),
      expect.stringMatching(/^This key works at .*: `?qwen auth api-key --provider /),
    ]);
  });

  const GO_ON = { message: "Save without checking it?", yes: "Save", no: "Go back" };
  test.each<readonly [string, Answer<string> | string, string]>([
    ["yes", "yes", "value"],
    ["no", "no", "back"],
    ["Escape", BACK, "back"],
    ["Ctrl+C", CANCELLED, "cancelled"],
  ])("asks whether to go on where the service is not well: %s", async (_name, given, kind) => {
    const { answer, questions, said } = await check({
      answers: [given],
      replies: () => new Response("", { status: 503 }),
    });
    expect([answer.kind as string, questions]).toEqual([kind, [GO_ON]]);
    expect(said).toMatch(/^\nThe key could not be checked: .*\n\n$/);
    if (kind === "value") {
      expect(answer).toMatchObject({ value: { verification: { state: "unreachable" } } });
    }
  });

  const MOVE = {
    message: `${OWN_URL}/v1 answers, ${OWN_URL} does not. Use it?`,
    yes: "Yes",
    no: "No",
  };
  const meant = (url: string) =>
    url.startsWith(`${OWN_URL}/v1/`) ? takes(url) : new Response("", { status: 404 });

  test("offers the base URL that was meant, and checks the key there", async () => {
    const { answer, questions } = await check({ login: OWN, answers: ["yes"], replies: meant });
    expect(answer).toMatchObject({
      value: { verification: { state: "ok" }, endpoint: { baseUrl: `${OWN_URL}/v1` } },
    });
    expect(questions).toEqual([MOVE]);
  });

  test.each<readonly [string, Answer<string> | string, string]>([
    ["no", "no", "value"],
    ["Escape", BACK, "back"],
    ["Ctrl+C", CANCELLED, "cancelled"],
  ])("stays where it is not wanted: %s", async (_name, given, kind) => {
    const { answer, questions } = await check({ login: OWN, answers: [given], replies: meant });
    expect([answer.kind as string, questions]).toEqual([kind, [MOVE]]);
    expect(answer).not.toHaveProperty("value.endpoint");
  });

  test("does not offer again what was not wanted", async () => {
    const { answer, questions } = await check({
      ...{ login: OWN, declined: `${OWN_URL}/v1`, replies: meant },
    });
    expect(answer).toMatchObject({
      kind: "given",
      value: { verification: { state: "unverifiable" } },
    });
    expect(questions).toEqual([]);
  });
});
