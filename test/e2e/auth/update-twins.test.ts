import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(120_000);

const KEY = "sk-twins-0123456789abcdef01";
const LIST = answer(200, { data: [{ id: "m" }, { id: "k" }, { id: "new" }] });

const entry = (id: string, baseUrl: string, envKey = "GW_KEY") => ({
  id,
  name: id,
  baseUrl,
  envKey,
});

const setUp = (...openai: readonly object[]) => ({
  modelProviders: { openai },
  env: { GW_KEY: KEY, OTHER_KEY: `${KEY}2` },
});

function entriesIn(path: string): readonly (readonly [id: string, envKey: string])[] {
  const { modelProviders } = JSON.parse(readFileSync(path, "utf8"));
  return (modelProviders?.openai ?? []).map(
    ({ id, envKey }: { readonly id: string; readonly envKey: string }) => [id, envKey],
  );
}

describe("one endpoint that two entries spell in two ways gets a new model once", () => {
  const twins: readonly (readonly [name: string, second: (origin: string) => object])[] = [
    ["with a slash", (origin) => entry("k", `${origin}/v1/`)],
    ["with two slashes", (origin) => entry("k", `${origin}/v1//`)],
    ["in capitals", (origin) => entry("k", `${origin.replace("http", "HTTP")}/v1`)],
    ["as the address of requests", (origin) => entry("k", `${origin}/v1/chat/completions`)],
    ["under another variable", (origin) => entry("k", `${origin}/v1`, "OTHER_KEY")],
    ["both", (origin) => entry("k", `${origin}/v1/`, "OTHER_KEY")],
  ];
  test.each(twins)("%s", async (_name, second) => {
    const server = await scriptedServer(LIST);
    const at = machine();
    at.write(
      ".qwen/settings.json",
      setUp(entry("m", `${server.origin}/v1`), second(server.origin)),
    );
    const done = await qwen(at, ["models", "--update"]);
    expect(done.exitCode).toBe(0);
    const ids = entriesIn(at.settings).map(([id]) => id);
    expect(ids.toSorted()).toEqual(["k", "m", "new"]);
    expect(readFileSync(at.settings, "utf8")).not.toContain("delisted");
  });
});

test("an entry that names no endpoint is at the public one, or where a variable says", async () => {
  const server = await scriptedServer(LIST);
  const at = machine();
  const { baseUrl: _, ...bare } = entry("k", "");
  const { env } = setUp();
  at.write(".qwen/settings.json", {
    ...setUp(bare, entry("m", `${server.origin}/v1`)),
    env: { ...env, OPENAI_BASE_URL: `${server.origin}/v1/` },
  });
  const done = await qwen(at, ["models", "--update", "--json"]);
  expect(done.exitCode).toBe(0);
  expect(JSON.parse(done.stdout).endpoints).toHaveLength(1);
  expect(entriesIn(at.settings).map(([id]) => id)).toEqual(["k", "m", "new"]);
});

test("a provider that is logged out while its endpoint is asked does not come back", async () => {
  const at = machine();
  const left = setUp(entry("other", "https://other.example/v1", "OTHER_KEY"));
  const server = await scriptedServer((socket) => {
    at.write(".qwen/settings.json", left);
    return LIST(socket);
  });
  at.write(
    ".qwen/settings.json",
    setUp(entry("m", `${server.origin}/v1`), entry("other", "https://o.example/v1", "OTHER_KEY")),
  );
  const done = await qwen(at, ["models", "--update", "--provider", "GW_KEY"]);
  expect(done.exitCode).toBe(0);
  expect(entriesIn(at.settings)).toEqual([["other", "OTHER_KEY"]]);
});
