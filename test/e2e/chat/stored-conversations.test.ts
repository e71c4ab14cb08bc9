import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { OPENAI, sse } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { silence, stream } from "../../support/scripted-server.ts";
import { KEY, says, startSession, withModel } from "./session-machine.ts";

setDefaultTimeout(60_000);

const thinks = (reasoning_content: string): string =>
  sse({ choices: [{ index: 0, delta: { reasoning_content } }] });

const folderOf = (at: Machine) => join(at.home, ".qwen", "sessions");
const filesOf = (at: Machine) => (existsSync(folderOf(at)) ? readdirSync(folderOf(at)) : []);
const ONLINE = { env: { QWEN_OFFLINE: "" } };

/** Types lines in a session, each after the answer to the one before, and leaves. */
async function talk(at: Machine, lines: readonly string[], args: readonly string[] = []) {
  const session = startSession(at, args);
  await session.waitFor("› ");
  for (const line of lines) {
    session.press(`${line}${KEYS.enter}`);
    await session.waitFor("tokens in");
    await session.waitFor("› ");
  }
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
  return session;
}

describe("a conversation", () => {
  test("is kept in a private file without keys, and goes on later, also in one question", async () => {
    const { at, said } = await withModel(says("one"), says("two"), says("three"));
    await talk(at, [`first ${KEY}`]);
    const [name = "", ...others] = filesOf(at);
    expect([name, others]).toEqual([expect.stringMatching(/^\d{8}T\d{6}-[a-z0-9]{6}\.jsonl$/), []]);
    const file = join(folderOf(at), name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain(KEY);
    const [head] = readFileSync(file, "utf8").split("\n");
    expect(JSON.parse(head ?? "")).toMatchObject({
      schemaVersion: 1,
      folder: at.project,
      model: "m",
    });

    const again = await talk(at, ["second"], ["--continue"]);
    expect(again.text()).toContain("1 turn, goes on.");
    const once = await qwen(at, ["-c", "third"], ONLINE);
    expect(once).toMatchObject({ exitCode: 0, stdout: "three\n" });
    expect(said().map((each) => each.length)).toEqual([1, 3, 5]);
    expect(filesOf(at)).toEqual([name]);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(5);
  });

  test.each([
    [["--no-history"], {}],
    [[], { general: { history: false } }],
  ] as const)("is not kept with %j and %j, nor is what was typed", async (args, settings) => {
    const { at } = await withModel(says("one"));
    const before = JSON.parse(readFileSync(at.settings, "utf8"));
    at.write(".qwen/settings.json", { ...before, ...settings });
    await talk(at, ["first"], args);
    expect([filesOf(at), existsSync(join(at.home, ".qwen", "history"))]).toEqual([[], false]);
  });

  test("is kept though a project says otherwise", async () => {
    const { at } = await withModel(says("one"));
    mkdirSync(join(at.project, ".qwen"));
    writeFileSync(join(at.project, ".qwen", "settings.json"), '{"general":{"history":false}}');
    await talk(at, ["first"]);
    expect(filesOf(at)).toHaveLength(1);
  });

  test("that cannot be kept is one line, and the session goes on", async () => {
    const { at } = await withModel(says("one"), says("two"));
    writeFileSync(folderOf(at), "no directory");
    const session = await talk(at, ["first", "second"]);
    expect(session.text().split("This conversation is not kept:")).toHaveLength(2);
  });

  test("one question is not kept", async () => {
    const { at } = await withModel(says("one"));
    await qwen(at, ["first"], ONLINE);
    expect(filesOf(at)).toEqual([]);
  });
});

const HEAD = { schemaVersion: 1, id: "20260101T000000-aaaaaa", folder: "/x", model: "m" };
const TURN = { kind: "turn", user: "hi", assistant: "hello", model: "m" };

describe("a stored conversation that is", () => {
  const cases: readonly (readonly [name: string, lines: readonly unknown[], why: string])[] = [
    ["of another version", [{ ...HEAD, schemaVersion: 2 }], "it has version 2"],
    ["damaged at its beginning", ["{", TURN], "its first line is damaged"],
    ["empty", [], "its first line is damaged"],
  ];
  test.each(cases)("%s is refused", async (_name, lines, why) => {
    const { at, said } = await withModel();
    at.write(`.qwen/sessions/${HEAD.id}.jsonl`, textOf(lines));
    const result = await qwen(at, ["--resume", "20260101", "hi"], ONLINE);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(why);
    expect(said()).toEqual([]);
  });

  test("1 GB is refused, and not read", async () => {
    const { at } = await withModel();
    at.write(`.qwen/sessions/${HEAD.id}.jsonl`, textOf([HEAD]));
    truncateSync(join(folderOf(at), `${HEAD.id}.jsonl`), 1024 ** 3);
    const result = await qwen(at, ["--resume", HEAD.id, "hi"], ONLINE);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("it is larger than 16 MiB");
  });

  test("damaged in one line goes on without it", async () => {
    const { at, said } = await withModel(says("one"));
    at.write(`.qwen/sessions/${HEAD.id}.jsonl`, `${textOf([HEAD, TURN, "{broken"])}{"kind":"tu`);
    const result = await qwen(at, ["--resume", HEAD.id, "and?"], ONLINE);
    expect(result).toMatchObject({ exitCode: 0, stdout: "one\n" });
    expect(result.stderr).toContain("goes on with what is left: 2 lines cannot be read");
    expect(said()).toEqual([["hi", "hello", "and?"]]);
  });

  test("called another way within goes on in its own file", async () => {
    const { at } = await withModel(says("one"));
    const head = { ...HEAD, id: "../../elsewhere", folder: at.project };
    at.write(`.qwen/sessions/${HEAD.id}.jsonl`, textOf([head, TURN]));
    await qwen(at, ["-c", "and?"], ONLINE);
    expect(filesOf(at)).toEqual([`${HEAD.id}.jsonl`]);
    expect(existsSync(join(at.home, "elsewhere.jsonl"))).toBe(false);
    expect(readFileSync(join(folderOf(at), `${HEAD.id}.jsonl`), "utf8")).toContain('"and?"');
  });

  test.each([{ args: ["--resume", "2027"] }, { args: ["--continue"] }])(
    "not there is refused: $args",
    async ({ args }) => {
      const { at } = await withModel();
      const result = await qwen(at, [...args, "--prompt", "hi"], ONLINE);
      expect(result).toMatchObject({ exitCode: 1, stdout: "" });
      expect(result.stderr).toContain("Cannot go on with");
    },
  );

  test("one of several that begin alike is refused, with how to write it", async () => {
    const { at } = await withModel();
    for (const letters of ["aaaaaa", "bbbbbb"]) {
      const id = `20260101T000000-${letters}`;
      at.write(`.qwen/sessions/${id}.jsonl`, textOf([{ ...HEAD, id }]));
    }
    const { exitCode, stderr } = await qwen(at, ["--resume", "2026", "hi"], ONLINE);
    expect([exitCode, stderr.includes("2 begin like that")]).toEqual([1, true]);
  });

  test("chosen from a list needs a terminal", async () => {
    const { at } = await withModel();
    const { exitCode, stderr } = await qwen(at, ["--prompt", "hi", "--resume"], ONLINE);
    expect([exitCode, stderr.includes("--resume ID")]).toEqual([2, true]);
  });

  test("one of the oldest makes room for the hundred newest", async () => {
    const { at } = await withModel(says("one"));
    for (let day = 0; day < 100; day += 1) {
      const id = `2020${String(1000 + day)}T000000-aaaaaa`;
      at.write(`.qwen/sessions/${id}.jsonl`, textOf([{ ...HEAD, id }]));
    }
    await talk(at, ["first"]);
    expect(filesOf(at)).toHaveLength(100);
    expect(filesOf(at)).not.toContain("20201000T000000-aaaaaa.jsonl");
  });

  test("two sessions go on with at once keeps what both said", async () => {
    const { at } = await withModel(says("one"), says("two"));
    at.write(`.qwen/sessions/${HEAD.id}.jsonl`, textOf([HEAD, TURN]));
    const both = ["first", "second"].map((text) => qwen(at, ["--resume", HEAD.id, text], ONLINE));
    expect((await Promise.all(both)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const text = readFileSync(join(folderOf(at), `${HEAD.id}.jsonl`), "utf8");
    expect([text.includes('"first"'), text.includes('"second"')]).toEqual([true, true]);
  });
});

function textOf(lines: readonly unknown[]): string {
  return lines
    .map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`)
    .join("");
}

describe("a session", () => {
  test("asks again, another model once, saves and copies", async () => {
    const { at, said } = await withModel(says("one"), says("**two**"), says("three"));
    const session = startSession(at);
    await session.waitFor("› ");
    for (const [line, shown] of [
      ["first", "tokens in"],
      ["/retry", "tokens in"],
      ["/save talk.md", "The conversation stands in"],
      ["/save talk.md", "something stands there already"],
      ["/copy", "was given to the clipboard"],
      ["/model m third one", "tokens in"],
    ] as const) {
      session.press(`${line}${KEYS.enter}`);
      await session.waitFor(shown);
      await session.waitFor("› ");
    }
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said()).toEqual([["first"], ["first"], ["first", "**two**", "third one"]]);
    expect(session.raw()).toContain(`\u001b]52;c;${btoa("**two**")}\u0007`);
    const saved = join(at.project, "talk.md");
    expect(readFileSync(saved, "utf8")).toBe("## You\n\nfirst\n\n## Answer\n\n**two**\n");
    expect(statSync(saved).mode & 0o777).toBe(0o600);
  });

  test("stops at Esc, keeps what is typed meanwhile, and sends it only then", async () => {
    const { at, said } = await withModel(
      stream([OPENAI.text("half of it ")], silence),
      says("more"),
    );
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`tell me${KEYS.enter}`);
    await session.waitFor("half of it");
    session.press("go on");
    await session.waitFor("go on");
    await session.waitFor("Esc stops");
    session.press(KEYS.escape);
    await session.waitFor("interrupted");
    await session.waitFor("› go on");
    expect(said()).toHaveLength(1);
    session.press(KEYS.enter);
    await session.waitFor("more");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said()[1]).toEqual(["tell me", "half of it ", "go on"]);
    expect(await session.screen()).not.toContain("Esc stops ·");
  });

  test("shows what a model thinks when it is asked to", async () => {
    const { at } = await withModel(
      stream([thinks("hidden thoughts"), OPENAI.text("one"), OPENAI.finish]),
      stream([thinks("shown thoughts"), OPENAI.text("two"), OPENAI.finish]),
    );
    const session = startSession(at);
    await session.waitFor("› ");
    for (const line of ["first", "/think", "second"]) {
      session.press(`${line}${KEYS.enter}`);
      await session.waitFor(line === "/think" ? "is shown" : "tokens in");
      await session.waitFor("› ");
    }
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(session.raw()).toContain("\u001b[2mshown");
    expect(session.text()).toContain("shown thoughts");
    expect(session.raw()).not.toContain("hidden");
  });
});

describe("a file that goes with a question", () => {
  const PEM = "-----BEGIN RSA PRIVATE KEY-----\nabc\n";
  const cases: readonly (readonly [
    name: string,
    path: string,
    make: (at: Machine) => void,
    why: string,
  ])[] = [
    ["is missing", "none.txt", () => undefined, "there is no such file"],
    ["is a directory", "dir", (at) => mkdirSync(join(at.project, "dir")), "it is a directory"],
    ["is a device", "/dev/zero", () => undefined, "it is a"],
    ["is binary", "a.bin", (at) => at.write("p/a.bin", "abcd\0e"), "it is no text"],
    [
      "holds a key of the user's",
      "a.txt",
      (at) => at.write("p/a.txt", `k=${KEY}`),
      "a key of yours",
    ],
    ["holds a private key", "k.txt", (at) => at.write("p/k.txt", PEM), "a key of yours"],
    ["is a file of variables", ".env", (at) => at.write("p/.env", "A=b"), "it is a file of keys"],
    ["is the settings", "~/.qwen/settings.json", () => undefined, "it is a file of keys"],
    [
      "is a link to the settings",
      "link.txt",
      (at) => symlinkSync(at.settings, join(at.project, "link.txt")),
      "it is a file of keys",
    ],
    ["is an SSH key", "id_rsa", (at) => at.write("p/id_rsa", "x"), "it is a file of keys"],
  ];
  test.each(cases)("and %s is refused", async (_name, path, make, why) => {
    const { at, said } = await withModel();
    make(at);
    const result = await qwen(at, ["--file", path, "-p", "hi"], ONLINE);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(why);
    expect(said()).toEqual([]);
  });

  test("is sent behind it, with --file and with @", async () => {
    const { at, said } = await withModel(says("one"), says("two"));
    at.write("p/a.md", "text with ``` in it\n");
    rmSync(join(at.home, "outside.txt"), { force: true });
    const sent = "\n\na.md:\n````\ntext with ``` in it\n````";
    await qwen(at, ["--file", "a.md", "-p", "hi"], ONLINE);
    const session = await talk(at, ["see @a.md, and me@example.com"]);
    expect(said()).toEqual([[`hi${sent}`], [`see @a.md, and me@example.com${sent}`]]);
    expect(session.text()).toContain("+ a.md (1 line)");
  });

  test("from outside of the folder is sent only when the person says so", async () => {
    const { at, said } = await withModel(says("one"));
    at.write("outside.txt", "secret plans");
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`see @../outside.txt${KEYS.enter}`);
    await session.waitFor("lies outside of this folder. Send it?");
    session.press(KEYS.enter);
    await session.waitFor("tokens in");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said()).toEqual([["see @../outside.txt"]]);
  });

  test.each([
    ["is refused", "look at @.env now", "Cannot send `.env`", ""],
    ["is asked about, and Esc", "look at @../out.txt", "Send it?", KEYS.escape],
  ])("that %s leaves the message in the editor", async (_name, line, shows, keys) => {
    const { at, said } = await withModel(says("one"));
    at.write("out.txt", "plans");
    at.write("p/.env", "A=b");
    const session = startSession(at, [], { cols: 80 });
    await session.waitFor("› ");
    session.press(`${line}${KEYS.enter}`);
    await session.waitFor(shows);
    session.press(keys);
    await session.waitFor(`› ${line}`);
    session.press(`\u0015hi${KEYS.enter}`);
    await session.waitFor("tokens in");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said()).toEqual([["hi"]]);
  });
});
