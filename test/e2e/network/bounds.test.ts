import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

describe("settings that are too deep are named, and nothing else happens:", () => {
  const count = 100_000;
  const shapes = [
    { name: "objects", text: `${'{"a":'.repeat(count)}1${"}".repeat(count)}` },
    { name: "objects with a comment", text: `${'{"a":'.repeat(count)}1//\n${"}".repeat(count)}` },
    { name: "arrays", text: `{"a":${"[".repeat(count)}${"]".repeat(count)}}` },
    { name: "both, without an end", text: '{"a":['.repeat(count) },
  ];
  test.each(shapes)("$name", async ({ text }) => {
    const at = machine();
    const path = at.write("p/.qwen/settings.json", text);
    for (const args of [
      ["auth", "status"],
      ["-p", "Hi"],
      ["models", "--json"],
    ]) {
      const ran = await qwen(at, args);
      expect(ran.exitCode).toBe(3);
      const shown = args.includes("--json") ? path : "~/p/.qwen/settings.json";
      expect(ran.stdout + ran.stderr).toContain(shown);
      expect(ran.stdout + ran.stderr).toContain("the nesting is too deep");
    }
  });
});

describe("braces in settings and 20,000 entries hold nobody up:", () => {
  test("status of a project with a MiB of opening braces", async () => {
    const at = machine();
    at.write("p/.qwen/settings.json", { x: "$".concat("{").repeat(512 * 1024) });
    const ran = await qwen(at, ["auth", "status"]);
    expect(ran).toMatchObject({ exitCode: 4, stderr: "" });
  });

  test("auth list", async () => {
    const at = machine();
    const openai = Array.from({ length: 20_000 }, (_, index) => ({
      id: `m${index}`,
      baseUrl: `https://h${index}.test/v1`,
      envKey: "A_KEY",
    }));
    at.write(".qwen/settings.json", { modelProviders: { openai }, env: { A_KEY: "k-0123456789" } });
    const ran = await qwen(at, ["auth", "list", "--json"]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const { providers } = JSON.parse(ran.stdout);
    expect(providers).toHaveLength(20_000);
    expect(providers.at(-1).id).toBe("h19999.test");
  });
});
