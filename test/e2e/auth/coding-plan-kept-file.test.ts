import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { modeOf } from "../../support/snapshot.ts";
import {
  CHINA_URL,
  type Entry,
  FIXTURES,
  json,
  jsonc,
  KEY,
  login,
  MODELS,
  statusOf,
} from "./coding-plan-machine.ts";

setDefaultTimeout(60_000);

describe("qwen auth coding-plan on a file that people keep", () => {
  function dotfiles(): Machine & { target: string } {
    const at = machine();
    const target = join(at.home, "dotfiles", "qwen.jsonc");
    mkdirSync(join(at.home, "dotfiles"), { mode: 0o755 });
    chmodSync(join(at.home, "dotfiles"), 0o755);
    copyFileSync(join(FIXTURES, "pre-existing-before.jsonc"), target);
    chmodSync(target, 0o644);
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync("../dotfiles/qwen.jsonc", at.settings);
    return { ...at, target };
  }

  test("every comment, key and the link stay; the plan's entries come first", async () => {
    const at = dotfiles();
    const before = readFileSync(at.target, "utf8");
    const ran = await login(at);

    expect(ran.exitCode).toBe(0);
    expect(readlinkSync(at.settings)).toBe("../dotfiles/qwen.jsonc");
    expect(modeOf(join(at.home, "dotfiles"))).toBe("0755");
    expect(readdirSync(join(at.home, "dotfiles"))).toEqual(["qwen.jsonc"]);
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    const after = readFileSync(at.target, "utf8");
    const touched = /"env"|"model":/;
    const linesOf = (text: string) => text.split("\n").map((line) => line.replace(/,$/, ""));
    const kept = linesOf(before).filter((line) => !touched.test(line));
    const lines = linesOf(after);
    let from = -1;
    for (const line of kept) {
      from = lines.indexOf(line, from + 1);
      expect({ line, isKept: from >= 0 }).toEqual({ line, isKept: true });
    }
    const value = jsonc(after);
    const old = jsonc(before);
    expect(Object.keys(value)).toEqual([...Object.keys(old), "codingPlan"]);
    expect(value).toMatchObject({
      env: { FOO: "bar", OPENAI_API_KEY: "sk-old", BAILIAN_CODING_PLAN_API_KEY: KEY },
      security: old.security,
      mcpServers: old.mcpServers,
      // "qwen3.5-plus" is also the id of the entry that was there, so the endpoint says which.
      model: { name: "qwen3.5-plus", baseUrl: CHINA_URL },
    });
    const { openai, anthropic } = value.modelProviders;
    expect(anthropic).toEqual([
      { id: "claude-x", envKey: "ANTHROPIC_API_KEY", baseUrl: "https://a" },
    ]);
    expect(openai.map(({ id }) => id)).toEqual([...MODELS, "gpt-4o", "old-cp", "qwen3.5-plus"]);
    expect(await statusOf(at)).toMatchObject({ method: "coding-plan", region: "china" });
  });

  test("0644 becomes 0600, which is said once", async () => {
    const at = dotfiles();
    const mentions = (text: string) => text.split("\n").filter((line) => /0?644/.test(line));
    const first = await login(at);
    expect(modeOf(at.target)).toBe("0600");
    expect(mentions(first.stderr)).toEqual([
      `warning: \`~/.qwen/settings.json\` is now 0600 (it was 0644)`,
    ]);
    const second = await login(at);
    expect(second.stderr).not.toContain("warning");
  });

  test("a lax mode is tightened even when no byte changes", async () => {
    const at = machine();
    await login(at);
    chmodSync(at.settings, 0o644);
    chmodSync(join(at.home, ".qwen"), 0o755);
    const ran = await login(at);
    expect(ran.stderr).toContain(`\`~/.qwen/settings.json\` is now 0600 (it was 0644)`);
    expect(ran.stderr).toContain(`\`~/.qwen\` is now 0700 (it was 0755)`);
    expect([modeOf(at.settings), modeOf(join(at.home, ".qwen"))]).toEqual(["0600", "0700"]);
  });

  test("a BOM, CRLF line ends and tabs stay", async () => {
    const at = machine();
    at.write(".qwen/settings.json", '\ufeff{\r\n\t"ui": {\r\n\t\t"theme": "x"\r\n\t}\r\n}\r\n');
    expect((await login(at)).exitCode).toBe(0);
    const after = readFileSync(at.settings, "utf8");
    expect(after).toStartWith('\ufeff{\r\n\t"ui": {\r\n\t\t"theme": "x"\r\n\t}');
    expect(after).toEndWith("}\r\n");
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
    expect(after).toContain(`\r\n\t"env": {\r\n\t\t"BAILIAN_CODING_PLAN_API_KEY": "${KEY}"`);
    expect((await statusOf(at)).state).toBe("configured");
  });

  test("a link to a file that does not exist yet is written through", async () => {
    const at = machine();
    mkdirSync(join(at.home, "dotfiles"));
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync("../dotfiles/new.json", at.settings);
    expect((await login(at)).exitCode).toBe(0);
    expect(readlinkSync(at.settings)).toBe("../dotfiles/new.json");
    expect(modeOf(join(at.home, "dotfiles", "new.json"))).toBe("0600");
  });

  type Old = { name: string; settings: Record<string, unknown>; keeps: Record<string, unknown> };
  const own = { id: "gpt", baseUrl: "https://x.test/v1", envKey: "X_KEY" };
  const versions: readonly Old[] = [
    {
      name: "$version 1, flat keys",
      settings: { theme: "Dark", selectedAuthType: "gemini", model: "gemini-2.5-pro" },
      keeps: { theme: "Dark" },
    },
    {
      name: "$version 3",
      settings: { $version: 3, ui: { theme: "Dark" }, modelProviders: { openai: [own] } },
      keeps: { $version: 3, ui: { theme: "Dark" } },
    },
    {
      name: "$version 5, provider objects",
      settings: {
        $version: 5,
        modelProviders: { openai: { protocol: "openai", models: [own] } },
      },
      keeps: { $version: 5 },
    },
    {
      name: "a newer $version",
      settings: { $version: 9, later: [1] },
      keeps: { $version: 9, later: [1] },
    },
  ];
  test.each(versions)("$name is updated and not migrated", async ({ settings, keeps }) => {
    const at = machine();
    at.write(".qwen/settings.json", settings);
    const ran = await login(at, "global");
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).not.toContain("cannot be used");
    const after = json(at.settings);
    expect(after).toMatchObject(keeps);
    expect("$version" in after).toBe("$version" in settings);
    expect(await statusOf(at)).toMatchObject({
      method: "coding-plan",
      region: "global",
      model: { id: "qwen3.5-plus" },
      key: { masked: "sk-sp-…a289" },
    });
    const openai = after.modelProviders.openai as Entry[] | { models: Entry[] };
    const entries = Array.isArray(openai) ? openai : openai.models;
    expect(Array.isArray(openai)).toBe(settings.$version !== 5);
    const had = "modelProviders" in settings;
    expect(entries.slice(MODELS.length)).toEqual(had ? [own] : []);
  });

  test.each(readdirSync(FIXTURES).filter((name) => name.startsWith("qwen-code-")))(
    "%s is accepted and updated",
    async (name) => {
      const at = machine();
      const before = readFileSync(join(FIXTURES, name), "utf8");
      at.write(".qwen/settings.json", before);
      const old = jsonc(before);
      const readBefore = await qwen(at, ["auth", "status"]);
      expect([0, 4]).toContain(readBefore.exitCode);
      expect(readFileSync(at.settings, "utf8")).toBe(before);

      expect((await login(at, "global")).exitCode).toBe(0);

      const text = readFileSync(at.settings, "utf8");
      const after = jsonc(text);
      expect(after.codingPlan).toEqual({ region: "global" });
      expect(after.providerMetadata?.["coding-plan"]).toBeUndefined();
      expect(after.env).toEqual({ ...old.env, BAILIAN_CODING_PLAN_API_KEY: KEY });
      const entries = after.modelProviders.openai;
      const others = old.modelProviders.openai.filter(
        ({ envKey }) => envKey !== "BAILIAN_CODING_PLAN_API_KEY",
      );
      // What is there keeps its order.
      const listed = entries.slice(0, MODELS.length).map(({ id }) => id);
      expect(listed.toSorted()).toEqual(MODELS.toSorted());
      expect(entries.slice(MODELS.length)).toEqual(others);
      expect(await statusOf(at)).toMatchObject({ method: "coding-plan", region: "global" });
      expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    },
  );
});
