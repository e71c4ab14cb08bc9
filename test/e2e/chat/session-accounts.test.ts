import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { KEYS } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { snapshot } from "../../support/snapshot.ts";
import { listingService, WORD } from "../broker/tool-service.ts";
import { settingsOf, startSession } from "./session-machine.ts";

setDefaultTimeout(120_000);

const keyOf = (name: string) => `sk-session-${name}-0123456789abcd`;

const LISTED = ["m", "n", "o", "new-one", "vendor/small:free", "text-embedding-3", "two words"];

/** Two variables with accounts at one service; the key in force of the first is nobody's. */
function withAccounts(): { readonly at: Machine; readonly asked: () => readonly unknown[] } {
  const { origin, received } = listingService(() => LISTED);
  const at = machine();
  const entry = (id: string, envKey: string) => ({ id, baseUrl: `${origin}/v1`, envKey });
  at.write(".qwen/settings.json", {
    $version: 4,
    modelProviders: {
      openai: [
        { ...entry("m", "GW_KEY"), generationConfig: { contextWindowSize: 7 } },
        entry("n", "GW_KEY"),
        entry("o", "O_KEY"),
      ],
    },
    env: { GW_KEY: keyOf("hand"), O_KEY: keyOf("other") },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
  });
  at.write(".qwen/accounts.json", {
    schemaVersion: 1,
    accounts: {
      GW_KEY: { work: { key: keyOf("work") }, ci: { key: keyOf("ci") } },
      O_KEY: { home: { key: keyOf("home") } },
    },
  });
  const asked = () =>
    received
      .filter(({ method }) => method === "POST")
      .map(({ headers, body }) => [
        JSON.parse(body).model,
        /-([a-z]+)-0123/.exec(headers.get("authorization") ?? "")?.[1],
      ]);
  return { at, asked };
}

type Step = readonly [typed: string, shows: string | RegExp];

const ASK: Step = ["go", WORD];

/** Types each line once what the one before it brought is shown. */
async function type(
  at: Machine,
  steps: readonly Step[],
  { args = [], env = {} }: { readonly args?: string[]; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const session = startSession(at, args, { env });
  await session.waitFor("› ");
  for (const [typed, shows] of steps) {
    session.press(`${typed}${KEYS.enter}`);
    await session.waitFor(shows);
  }
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
  return session.text();
}

describe("/account in a session", () => {
  test("uses another account, of this provider and of another one, and writes nothing", async () => {
    const { at, asked } = withAccounts();
    const before = snapshot(join(at.home, ".qwen"));
    const text = await type(
      at,
      [
        ASK,
        ["/account work", "goes to m · 127.0.0.1"],
        ASK,
        ["/account O_KEY@home", "goes to o · 127.0.0.1"],
        ASK,
        ["/account GW_KEY@ci", "goes to m · 127.0.0.1"],
        ASK,
        ["/status", "account"],
      ],
      { args: ["--no-history"] },
    );
    expect(asked()).toEqual([
      ["m", "hand"],
      ["m", "work"],
      ["o", "home"],
      ["m", "ci"],
    ]);
    expect(text).toContain("in this session alone");
    const after = snapshot(join(at.home, ".qwen"));
    expect(after).toEqual(before);
  });

  test.each<[how: string, options: { args?: string[]; env?: Record<string, string> }]>([
    ["--account", { args: ["--account", "work"] }],
    ["QWEN_ACCOUNT", { env: { QWEN_ACCOUNT: "work" } }],
  ])("a session with %s keeps to it when the model changes", async (how, options) => {
    const { at, asked } = withAccounts();
    const text = await type(
      at,
      [
        ["/model n", "goes to n"],
        ASK,
        ["/model o", "goes to o"],
        ASK,
        ["/model m", "goes to m"],
        ASK,
        ["/model n once", WORD],
      ],
      options,
    );
    expect(asked()).toEqual([
      ["n", "work"],
      ["o", "other"],
      ["m", "work"],
      ["n", "work"],
    ]);
    expect(text).toContain(`\`${how}\` is passed over: \`O_KEY\` has no account "work"`);
  });

  const refused: readonly (readonly [typed: string, shows: string])[] = [
    ["/account nobody", 'Cannot use the account "nobody"'],
    ["/account NONE_KEY@work", 'Cannot use the account "work"'],
    ["/account Work", "it is no name of an account"],
    ["/account ../work", "it is no name of an account"],
    ["/account a@b@c", "it is no name of an account"],
    ["/account sk-0123456789abcdef0123456789abcdef0123", "it is no name of an account"],
    ["/account work ci", "it is no name of an account"],
  ];
  test("refuses what is none, and goes on with what there was", async () => {
    const { at, asked } = withAccounts();
    await type(at, [...refused, ASK]);
    expect(asked()).toEqual([["m", "hand"]]);
  });

  test("offers a list, and completes names", async () => {
    const { at, asked } = withAccounts();
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`/account${KEYS.enter}`);
    await session.waitFor("Select an account:");
    await session.waitFor("O_KEY");
    session.press(KEYS.enter);
    await session.waitFor("goes to m");
    session.press(`/account c\t${KEYS.enter}`);
    await session.waitFor("· ci, in this session alone");
    session.press(`go${KEYS.enter}`);
    await session.waitFor(WORD);
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(asked()).toEqual([["m", "ci"]]);
    expect(session.raw()).not.toContain(keyOf("ci"));
  });
});

describe("/model in a session", () => {
  test("takes any `vendor/model` at an endpoint of one's own, for that session alone", async () => {
    const { at, asked } = withAccounts();
    const before = settingsOf(at);
    const text = await type(at, [
      ["/model some-vendor/model-1:free", "goes to some-vendor/model-1:free"],
      ASK,
      ["/status", "some-vendor/model-1:free"],
      ["/account ci", "goes to some-vendor/model-1:free"],
      ASK,
      ["/model other/x just once", WORD],
      ASK,
    ]);
    expect(asked()).toEqual([
      ["some-vendor/model-1:free", "hand"],
      ["some-vendor/model-1:free", "ci"],
      ["other/x", "ci"],
      ["some-vendor/model-1:free", "ci"],
    ]);
    expect(text.replace(/\s+/g, " ")).toContain("not kept for later sessions:");
    expect(settingsOf(at)).toEqual(before);
  });

  test("offers what the endpoint listed, and nothing that cannot chat", async () => {
    const { at, asked } = withAccounts();
    expect((await qwen(at, ["models", "--remote"])).exitCode).toBe(0);
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`/model${KEYS.enter}`);
    await session.waitFor("new-one");
    expect(session.text()).toContain("vendor/small:free");
    expect(session.text()).not.toContain("text-embedding-3");
    session.press(`new-o${KEYS.enter}`);
    await session.waitFor("goes to new-one");
    session.press(`go${KEYS.enter}`);
    await session.waitFor(WORD);
    session.press(`/model vendor/s\t${KEYS.enter}`);
    await session.waitFor("goes to vendor/small:free");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(asked()).toEqual([["new-one", "hand"]]);
  });

  test("a word that nobody knows is still refused, and a key is not repeated", async () => {
    const { at } = withAccounts();
    const key = "sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef";
    const text = await type(at, [
      ["/model nonsense", 'Cannot switch to "nonsense"'],
      [`/model ${key}`, "Cannot switch to this"],
      [`/model vendor/${key}`, "Cannot switch to"],
      [`/model ${key}/model`, "Cannot switch to"],
      [`/model vendor/model:${key}`, "Cannot switch to"],
      ["/model ../../v1/x", "Cannot switch to"],
      ["/model a/b/c/d", "Cannot switch to"],
    ]);
    expect(text).not.toContain("goes to");
  });
});
