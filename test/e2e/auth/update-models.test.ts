import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { answer, deadOrigin, type Reply, scriptedServer } from "../../support/scripted-server.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(120_000);

const KEY = "sk-update-0123456789abcdef01";

const settings = (origin: string) => `{
  "$version": 4,
  // mine
  "modelProviders": {
    "openai": [
      // the fast one
      { "id": "old", "name": "[Gateway] old", "baseUrl": "${origin}/v1", "envKey": "GW_KEY" }, // gone soon
      { "id": "here", "name": "[Gateway] here", "baseUrl": "${origin}/v1", "envKey": "GW_KEY", "note": 1 },
      { "id": "sized", "name": "[Gateway] sized", "baseUrl": "${origin}/v1", "envKey": "GW_KEY",
        "generationConfig": { "contextWindowSize": 7, "timeout": 5 } },
      { "id": "by-hand", "name": "my alias", "baseUrl": "${origin}/v1", "envKey": "GW_KEY" }, // keep
      { "id": "bare", "baseUrl": "${origin}/v1", "envKey": "GW_KEY" },
      // another provider
      { "id": "other", "name": "[Other] other", "baseUrl": "https://other.example/v1", "envKey": "OTHER_KEY" }
    ]
  },
  "env": { "GW_KEY": "${KEY}" }, /* end */
  "security": { "auth": { "selectedType": "openai" } },
  "model": { "name": "here" }
}
`;

const LIST = {
  object: "list",
  data: [
    { id: "here", context_length: 4096 },
    { id: "sized", context_length: 8192 },
    { id: "new/one:free", context_length: 1024 },
    { id: "text-embedding-3" },
    { id: "draw", type: "image" },
    { id: "whisper-1" },
    { id: "here" },
    { id: "es\u001b[2Jcape" },
    { id: "two words" },
  ],
};

async function setUp(...replies: readonly Reply[]) {
  const server = await scriptedServer(...replies);
  const at = machine();
  at.write(".qwen/settings.json", settings(server.origin));
  return { at, server, before: readFileSync(at.settings, "utf8") };
}

const update = (at: Machine, ...args: string[]) => qwen(at, ["models", "--update", ...args]);

const ours = ["--provider", "GW_KEY"];

describe("qwen models --update", () => {
  test("changes the lines that change, in a commented file written by hand", async () => {
    const { at, server, before } = await setUp(answer(200, LIST));
    const done = await update(at, ...ours);
    expect(done).toMatchObject({ exitCode: 0, stdout: "" });
    const origin = server.origin;
    const after = readFileSync(at.settings, "utf8");
    const lines = before.split("\n");
    const changed = after.split("\n").filter((line) => !lines.includes(line));
    const kept = lines.filter((line) => !after.split("\n").includes(line));
    expect(kept.map((line) => /"id": "([^"]*)"/.exec(line)?.[1])).toEqual(["old", "here"]);
    expect(changed[0]).toContain('"delisted": true }, // gone soon');
    const { openai } = parse(after).modelProviders;
    expect(openai.map(({ id }: { id: string }) => id)).toEqual([
      "old",
      "here",
      "sized",
      "by-hand",
      "bare",
      "new/one:free",
      "other",
    ]);
    expect(openai[1]).toEqual({
      ...{ id: "here", name: "[Gateway] here", baseUrl: `${origin}/v1`, envKey: "GW_KEY" },
      ...{ note: 1, generationConfig: { contextWindowSize: 4096 } },
    });
    expect(openai[2].generationConfig).toEqual({ contextWindowSize: 7, timeout: 5 });
    expect(openai[5]).toEqual({
      id: "new/one:free",
      name: "[Gateway] new/one:free",
      baseUrl: `${origin}/v1`,
      envKey: "GW_KEY",
      generationConfig: { contextWindowSize: 1024 },
    });
    expect(after.match(/\/\/.*|\/\*.*?\*\//g)?.filter((it) => !it.includes(":"))).toEqual(
      before.match(/\/\/.*|\/\*.*?\*\//g)?.filter((it) => !it.includes(":")),
    );
    expect(done.stderr).toContain("does not list: by-hand, bare");
    expect(done.stderr).toContain("+ new/one:free");
    expect(modeOf(at.settings)).toBe("0600");
    const again = await update(at, ...ours);
    expect(again.stderr).toContain("was up to date already");
    expect(readFileSync(at.settings, "utf8")).toBe(after);
    const { models } = JSON.parse((await qwen(at, ["models", "--json"])).stdout);
    expect(
      models.filter((it: { delisted?: true }) => it.delisted).map((it: { id: string }) => it.id),
    ).toEqual(["old"]);
  });

  test("takes the mark away from what is listed again, and nothing else", async () => {
    const listed = { data: ["old", "here", "sized", "by-hand", "bare"].map((id) => ({ id })) };
    const { at, before } = await setUp(
      answer(200, { data: [{ id: "here" }, { id: "sized" }] }),
      answer(200, listed),
    );
    await update(at, ...ours);
    expect(readFileSync(at.settings, "utf8")).toContain('"delisted": true');
    await update(at, ...ours);
    expect(readFileSync(at.settings, "utf8")).toBe(before);
  });

  test("--dry-run tells the same and writes nothing", async () => {
    const { at, before } = await setUp(answer(200, LIST));
    const done = await update(at, ...ours, "--dry-run", "--json");
    const { endpoints, ...rest } = JSON.parse(done.stdout);
    expect(rest).toMatchObject({ schemaVersion: 1, dryRun: true, changed: true });
    expect(endpoints).toMatchObject([
      {
        protocol: "openai",
        envKey: "GW_KEY",
        added: ["new/one:free"],
        gone: ["old"],
        back: [],
        windows: ["here"],
        unlisted: ["by-hand", "bare"],
      },
    ]);
    expect(readFileSync(at.settings, "utf8")).toBe(before);
  });

  const NOTHING: readonly (readonly [name: string, reply: Reply, exitCode: number, why: string])[] =
    [
      ["no models", answer(200, { data: [] }), 0, "lists no model"],
      ["an object for the list", answer(200, { data: { id: "x" } }), 1, "no list of models"],
      [
        "a refusal",
        answer(200, { success: false, message: "Invalid API key, no such key", data: null }),
        4,
        "no such key",
      ],
      ["nulls", answer(200, { data: [null, null] }), 0, "lists no model"],
      [
        "one page of many",
        answer(200, { data: [{ id: "here" }, { id: "sized" }], has_more: true }),
        0,
        "could not be read to its end",
      ],
      ["a missing list", answer(404, { error: { message: "no" } }), 1, "404"],
      ["a web page", answer(200, "<!doctype html><p>Hi</p>"), 1, "web page"],
      ["a text", answer(200, "OK"), 1, "is not JSON"],
      ["half of one", answer(200, '{"data":[{"id":"x"'), 1, "is not JSON"],
      ["a refused key", answer(401, { error: { message: "no" } }), 4, "key"],
      ["an outage", answer(503, "away"), 5, "503"],
      ["5 MiB", answer(200, `{"data":[${" ".repeat(5 * 1024 * 1024)}]}`), 5, "4 MiB"],
      ["nothing that chats", answer(200, { data: [{ id: "text-embedding" }] }), 0, ""],
    ];
  test.each(NOTHING)("%s changes nothing", async (_name, reply, exitCode, why) => {
    const { at, before } = await setUp(reply);
    const done = await update(at, ...ours);
    expect({
      exitCode: done.exitCode,
      said: done.stderr.includes(why) ? why : done.stderr,
    }).toEqual({ exitCode, said: why });
    expect(readFileSync(at.settings, "utf8")).toBe(before);
    expect(done.stderr).not.toContain(KEY);
  });

  test("10,000 models are not written into settings, and what is gone is marked all the same", async () => {
    const data = Array.from({ length: 10_000 }, (_, n) => ({ id: `m${n}` }));
    const { at } = await setUp(answer(200, { data }));
    const done = await update(at, ...ours);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("lists 10000 models: none is added");
    expect(parse(readFileSync(at.settings, "utf8")).modelProviders.openai).toHaveLength(6);
  });

  test("headers that all models of an endpoint have go along to new ones, as they are sent", async () => {
    const server = await scriptedServer(answer(200, { data: [{ id: "a" }, { id: "b" }] }));
    const at = machine();
    const entry = { baseUrl: `${server.origin}/v1`, envKey: "GW_KEY" };
    const generationConfig = { customHeaders: { "X-Team": "$TEAM" }, timeout: 9 };
    at.write(".qwen/settings.json", {
      modelProviders: { openai: [{ id: "a", name: "a", ...entry, generationConfig }] },
      env: { GW_KEY: KEY },
    });
    const args = ["models", "--update"];
    expect((await qwen(at, args, { env: { TEAM: "blue" } })).exitCode).toBe(0);
    expect(server.requests[0]?.headers["x-team"]).toBe("blue");
    const [, added] = JSON.parse(readFileSync(at.settings, "utf8")).modelProviders.openai;
    expect(added).toEqual({
      ...{ id: "b", name: "b", ...entry },
      generationConfig: { customHeaders: { "X-Team": "$TEAM" } },
    });
  });

  test("what one endpoint lacks stops no other, and the exit code tells of it", async () => {
    const { at } = await setUp(answer(200, LIST));
    const done = await update(at);
    expect(done.exitCode).toBe(4);
    expect(done.stderr).toContain("https://other.example/v1: Cannot list the models");
    expect(readFileSync(at.settings, "utf8")).toContain("new/one:free");
  });

  test("asks nothing that a project names, and changes nothing of it", async () => {
    const { at, server } = await setUp(answer(200, LIST));
    const project = {
      modelProviders: {
        openai: [{ id: "theirs", baseUrl: "http://127.0.0.1:9/v1", envKey: "GW_KEY" }],
      },
    };
    at.write("p/.qwen/settings.json", project);
    const before = snapshot(join(at.project, ".qwen"));
    const done = await update(at, ...ours);
    expect(done.exitCode).toBe(0);
    expect(server.requests).toHaveLength(1);
    expect(snapshot(join(at.project, ".qwen"))).toEqual(before);
  });

  test("a router that runs away, a tag that is written out: Ollama's names stay theirs", async () => {
    const server = await scriptedServer(
      answer(200, { object: "list", data: [{ id: "qwen3:latest" }, { id: "glm:8b" }] }),
    );
    const at = machine();
    const url = `${server.origin}/v1`;
    await qwen(at, ["auth", "api-key", "-u", url, "-m", "qwen3", "--no-key"]);
    expect((await update(at)).exitCode).toBe(0);
    const { openai } = JSON.parse(readFileSync(at.settings, "utf8")).modelProviders;
    expect(openai.map(({ id }: { id: string }) => id)).toEqual(["qwen3", "glm:8b"]);
    expect(openai.some((entry: object) => "delisted" in entry)).toBe(false);
  });

  test.each<[args: readonly string[], exitCode: number, why: string]>([
    [["--provider", "nonsense"], 2, "is unknown"],
    [["--provider", "openrouter"], 4, "none is of openrouter"],
    [["--remote"], 2, "`--update` and `--remote` together"],
    [["--model", "here"], 2, "together"],
    [["--offline"], 2, "`--offline` was given"],
  ])("%j is exit %d, and nobody is asked", async (args, exitCode, why) => {
    const { at, server } = await setUp(answer(200, LIST));
    const done = await update(at, ...args);
    expect({
      exitCode: done.exitCode,
      said: done.stderr.includes(why) ? why : done.stderr,
    }).toEqual({ exitCode, said: why });
    expect(server.requests).toEqual([]);
  });

  test("its other flags want it", async () => {
    const { at } = await setUp(answer(200, LIST));
    expect((await qwen(at, ["models", "--dry-run"])).exitCode).toBe(2);
    expect((await qwen(at, ["models", "--provider", "GW_KEY"])).exitCode).toBe(2);
  });
});

describe("the lists that were asked for", () => {
  test("are kept for a day, and shown where nothing may be connected to", async () => {
    const { at, server } = await setUp(answer(200, LIST));
    const online = await qwen(at, ["models", "--remote"]);
    expect(online.exitCode).toBe(0);
    const [file = ""] = readdirSync(join(at.home, ".qwen/cache"));
    const path = join(at.home, ".qwen/cache", file);
    expect(modeOf(path)).toBe("0600");
    expect(readFileSync(path, "utf8")).not.toContain(KEY);
    const offline = await qwen(at, ["models", "--remote", "--offline"]);
    expect(offline).toMatchObject({ exitCode: 0, stdout: online.stdout });
    expect(offline.stderr).toContain("not asked:");
    expect(server.requests).toHaveLength(1);
    const list = JSON.parse(readFileSync(path, "utf8"));
    for (const spoilt of [
      { ...list, at: list.at - 25 * 3600_000 },
      { ...list, at: list.at + 3600_000 },
      { ...list, baseUrl: "https://other.example/v1" },
      { ...list, models: {} },
      [],
      "half",
    ]) {
      writeFileSync(path, spoilt === "half" ? '{"at":' : JSON.stringify(spoilt));
      expect((await qwen(at, ["models", "--remote", "--offline"])).exitCode).toBe(2);
    }
  });

  test("that cannot be kept stop nothing, and status asks nobody", async () => {
    const { at, server } = await setUp(answer(200, LIST));
    at.write(".qwen/cache", "a file in its place");
    expect((await qwen(at, ["models", "--remote"])).exitCode).toBe(0);
    await qwen(at, ["auth", "status"]);
    await qwen(at, ["models"]);
    expect(server.requests).toHaveLength(1);
  });

  test("of nobody there is an outage", async () => {
    const at = machine();
    at.write(".qwen/settings.json", settings(await deadOrigin()));
    expect((await update(at, ...ours)).exitCode).toBe(5);
  });
});

/** JSON with comments, as its reader takes it. */
function parse(text: string) {
  return JSON.parse(text.replace(/^\s*\/\/.*$|\s\/\/ .*$|\/\*.*?\*\//gm, ""));
}
