import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

/** A key may stand in the path or the query of an endpoint, in force or not. */
const PATH = "sk-pathkey0123456789abcdef";
const QUERY = "queryvalue0123456789";
const ACCOUNT = "sk-accountpath0123456789abcdef";
const SECOND = "secondvalue0123456789";

const LOOKING: readonly string[][] = [
  ["auth", "list"],
  ["auth", "list", "--json"],
  ["auth", "list", "--verify"],
  ["auth", "status"],
  ["auth", "status", "--json", "-m", "path"],
  ["models"],
  ["models", "--json"],
  ["models", "--update", "--dry-run"],
  ["auth", "switch", "nothing"],
  ["auth", "switch", "twice"],
  ["auth", "export"],
  ["doctor", "--all"],
  ["-p", "hi", "-m", "path", "--debug"],
  ["auth", "run", "--dry-run", "-m", "path", "--", "sh"],
  ["__complete", "auth", "switch", ""],
  ["__complete", "auth", "logout", "--provider", ""],
];

test("keys in endpoints that are not in force are shown nowhere, and exported with keys alone", async () => {
  const at = machine();
  const base = "http://127.0.0.1:1";
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "m", baseUrl: `${base}/v1` },
        { id: "path", baseUrl: `${base}/${PATH}/v1`, envKey: "A_KEY" },
        { id: "query", baseUrl: `${base}/v1?api_key=${QUERY}`, envKey: "B_KEY" },
        { id: "second", baseUrl: `${base}/2/v1`, anthropicBaseUrl: `${base}?token=${SECOND}` },
        { id: "twice", baseUrl: `${base}/3/v1`, envKey: "A_KEY" },
        { id: "twice", baseUrl: `${base}/${PATH}/3/v1`, envKey: "A_KEY" },
      ],
    },
    env: { A_KEY: "sk-0123456789abcdefgh" },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
  });
  at.write(".qwen/accounts.json", {
    schemaVersion: 1,
    accounts: { A_KEY: { work: { key: "sk-work0123456789abcd", baseUrl: `${base}/${ACCOUNT}` } } },
  });
  for (const args of LOOKING) {
    const { stdout, stderr } = await qwen(at, args);
    const shown = [PATH, QUERY, ACCOUNT, SECOND].filter((key) => (stdout + stderr).includes(key));
    expect({ args, shown }).toEqual({ args, shown: [] });
  }
  const bare = await qwen(at, ["auth", "export"]);
  const ids = JSON.parse(bare.stdout).modelProviders.openai.map(({ id }: { id: string }) => id);
  expect([bare.stdout.includes("***"), ids]).toEqual([false, ["m", "second", "twice"]]);
  const whole = await qwen(at, ["auth", "export", "--with-keys"]);
  for (const key of [PATH, QUERY, ACCOUNT, SECOND]) {
    expect(whole.stdout).toContain(key);
  }
});
