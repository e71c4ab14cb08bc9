import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { machine, qwen } from "../../support/qwen.ts";
import { recordingServer } from "../../support/recording-server.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(300_000);

const keyOf = (name: string) => `sk-at-once-${name}-0123456789abcdef`;

test("two agents at once use two accounts of one provider, and nothing is written", async () => {
  const server = recordingServer();
  const at = machine();
  const baseUrl = `${server.origin}/v1`;
  for (const account of ["work", "ci"]) {
    const login = ["auth", "api-key", "-u", baseUrl, "-m", "m", "--env-key", "GW_KEY"];
    const args = [...login, "--account", account, "--key-stdin"];
    expect((await qwen(at, args, { stdin: keyOf(account) })).exitCode).toBe(0);
  }
  const before = snapshot(join(at.home, ".qwen"));
  const asked = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0
        ? qwen(at, ["-p", `as work ${n}`, "--account", "work"])
        : qwen(at, ["-p", `as ci ${n}`], { env: { QWEN_ACCOUNT: "ci" } }),
    ),
  );
  expect(asked.map(({ exitCode }) => exitCode)).toEqual(asked.map(() => 0));
  for (const account of ["work", "ci"]) {
    const own = server.received.filter((request) => request.includes(`as ${account} `));
    expect(own).toHaveLength(5);
    expect(own.every((request) => request.includes(keyOf(account)))).toBe(true);
  }
  expect(snapshot(join(at.home, ".qwen"))).toEqual(before);
});

test("20 writers of accounts and settings at once lose nothing", async () => {
  const at = machine();
  at.write(".qwen/settings.json", '{\n  // mine\n  "$version": 4,\n  "ui": { "theme": "a" }\n}\n');
  const names = Array.from({ length: 10 }, (_, n) => `n${n}`);
  const imported = (name: string) =>
    JSON.stringify({
      schemaVersion: 1,
      modelProviders: {
        openai: [{ id: name, baseUrl: `https://${name}.example/v1`, envKey: `KEY_${name}` }],
      },
      env: { [`KEY_${name}`]: keyOf(name) },
      accounts: { [`KEY_${name}`]: { own: { key: keyOf(name) } } },
    });
  const done = await Promise.all(
    names.flatMap((name) => [
      qwen(at, ["auth", "deepseek", "--account", name, "--key-stdin"], { stdin: keyOf(name) }),
      qwen(at, ["auth", "import", "-", "--yes"], { stdin: imported(name) }),
    ]),
  );
  expect(done.map(({ exitCode }) => exitCode)).toEqual(done.map(() => 0));
  const { accounts } = JSON.parse(readFileSync(join(at.home, ".qwen/accounts.json"), "utf8"));
  const text = readFileSync(at.settings, "utf8");
  const { env, modelProviders, ui } = JSON.parse(text.replace("// mine", ""));
  for (const name of names) {
    expect(accounts.DEEPSEEK_API_KEY[name].key).toBe(keyOf(name));
    expect(accounts[`KEY_${name}`].own.key).toBe(keyOf(name));
    expect(env[`KEY_${name}`]).toBe(keyOf(name));
    expect(modelProviders.openai.some(({ id }: { id: string }) => id === name)).toBe(true);
  }
  expect(names.map(keyOf)).toContain(env.DEEPSEEK_API_KEY);
  expect([ui, text.includes("// mine")]).toEqual([{ theme: "a" }, true]);
});

test("`list --verify` asks about accounts with the headers that the endpoint wants", async () => {
  const server = await scriptedServer(answer(200, { data: [{ id: "m" }] }));
  const at = machine();
  const login = ["auth", "api-key", "-u", `${server.origin}/v1`, "-m", "m", "--env-key", "GW_KEY"];
  const headers = ["--header", "X-Team=blue", "--account", "work", "--key-stdin"];
  await qwen(at, [...login, ...headers], { stdin: keyOf("work") });
  const listed = await qwen(at, ["auth", "list", "--verify", "--json"]);
  expect(listed.exitCode).toBe(0);
  expect(server.requests.length).toBeGreaterThan(1);
  const keyed = server.requests.filter(({ headers: sent }) => sent.authorization !== undefined);
  expect(keyed.map(({ headers: sent }) => sent["x-team"])).toEqual(keyed.map(() => "blue"));
});
