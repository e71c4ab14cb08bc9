import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(120_000);

const ENTRY = { id: "m", name: "[gw] m", baseUrl: "https://gw.example/v1", envKey: "GW_KEY" };

const importing = (at: Machine, openai: readonly object[], ...flags: readonly string[]) =>
  qwen(at, ["auth", "import", "-", "--yes", ...flags], {
    stdin: JSON.stringify({ schemaVersion: 1, modelProviders: { openai } }),
  });

const entriesOf = (at: Machine) =>
  JSON.parse(readFileSync(at.settings, "utf8")).modelProviders.openai;

describe("an import refuses what a login would, by its field", () => {
  const number = "it is no number from 0 on";
  const cases: readonly (readonly [config: object, why: string])[] = [
    [{ timeout: -1 }, `\`timeout\`: ${number}`],
    [{ timeout: "60" }, `\`timeout\`: ${number}`],
    [{ timeout: "$WAIT" }, `\`timeout\`: ${number}`],
    [{ timeout: [60] }, `\`timeout\`: ${number}`],
    [{ timeout: 86_400_001 }, "`timeout`: it is more than a day"],
    [{ streamIdleTimeoutMs: -0.5 }, `\`streamIdleTimeoutMs\`: ${number}`],
    [{ maxRetries: true }, `\`maxRetries\`: ${number}`],
    [{ retryErrorCodes: 429 }, "`retryErrorCodes`: it is no list of numbers"],
    [{ retryErrorCodes: ["429"] }, "`retryErrorCodes`: it is no list of numbers"],
    [{ contextWindowSize: "big" }, "`contextWindowSize`: it is no whole number above 0"],
    [{ contextWindowSize: 0 }, "`contextWindowSize`: it is no whole number above 0"],
    [{ contextWindowSize: 1.5 }, "`contextWindowSize`: it is no whole number above 0"],
    [{ contextWindowSize: 2 ** 53 }, "`contextWindowSize`: it is no whole number above 0"],
    [{ extra_body: "x" }, "`extra_body`: it is no JSON object"],
    [{ extra_body: [] }, "`extra_body`: it is no JSON object"],
    [{ extra_body: { n: 2 ** 53 } }, "`extra_body`: it holds a number that cannot be kept exactly"],
    [{ samplingParams: 1 }, "`samplingParams`: it is no JSON object"],
    [{ reasoning: "high" }, "`reasoning`: it is not understood"],
    [{ reasoning: { effort: "very" } }, "`reasoning`: it is not understood"],
    [{ thinkingMandatory: "yes" }, "`thinkingMandatory`: it is neither true nor false"],
    [{ customHeaders: ["a"] }, "`customHeaders`: it is no object of names and texts"],
    [{ customHeaders: { a: {} } }, '`customHeaders`: the value of "a" is no text'],
    [{ customHeaders: { "X-A": "1", "x-a": "2" } }, '`customHeaders`: "x-a" is given twice'],
    [{ customHeaders: { Host: "evil.example" } }, 'the header "Host" is the endpoint\'s'],
    [{ customHeaders: { "Keep-Alive": "5" } }, 'the header "Keep-Alive" is not for settings'],
    [{ customHeaders: { "Content-Encoding": "gzip" } }, "is not for settings to set"],
    [{ anything: { deep: [2 ** 60] } }, "`anything`: it holds a number that cannot be kept"],
  ];
  test.each(cases)("%j", async (generationConfig, why) => {
    const at = machine();
    const ran = await importing(at, [{ ...ENTRY, generationConfig }]);
    const place = "`modelProviders.openai[0].generationConfig`";
    const said = [place, why].every((words) => ran.stderr.includes(words)) ? why : ran.stderr;
    expect({ exitCode: ran.exitCode, said }).toEqual({ exitCode: 2, said: why });
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test("and takes all that settings may have", async () => {
    const at = machine();
    const generationConfig = {
      timeout: 0,
      maxRetries: null,
      retryErrorCodes: [429, 503],
      contextWindowSize: 131_072,
      samplingParams: { temperature: 0.7, top_p: 1e-3, max_tokens: null },
      reasoning: { effort: "high", budget_tokens: 1024 },
      customHeaders: { "X-A": 1, "X-B": true, "X-C": null, "X-D": "$NAME", Connectivity: "x" },
      extra_body: { enable_thinking: false, a: [null] },
      schemaCompliance: "auto",
    };
    const ran = await importing(at, [{ ...ENTRY, generationConfig }]);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(entriesOf(at)).toEqual([{ ...ENTRY, generationConfig }]);
  });
});

describe("what is around it:", () => {
  const importText = (at: Machine, more: object, of: object = {}) =>
    qwen(at, ["auth", "import", "-", "--yes"], {
      stdin: JSON.stringify({
        schemaVersion: 1,
        modelProviders: { openai: [{ ...ENTRY, ...of }] },
        ...more,
      }),
    });
  const KEY = "sk-import-0123456789abcdef01";

  test.each([`"${KEY}"`, `Bearer ${KEY}`, ` ${KEY}\n`, `'${KEY}'`])(
    "a key is stored as a login stores it: %j",
    async (key) => {
      const at = machine();
      const accounts = { GW_KEY: { work: { key } } };
      expect(await importText(at, { env: { GW_KEY: key }, accounts })).toMatchObject({
        exitCode: 0,
      });
      expect(JSON.parse(readFileSync(at.settings, "utf8")).env).toEqual({ GW_KEY: KEY });
      const named = JSON.parse(readFileSync(join(at.home, ".qwen/accounts.json"), "utf8"));
      expect(named.accounts.GW_KEY.work.key).toBe(KEY);
    },
  );

  test("a host is shown as what it is, and where the path leads", async () => {
    const at = machine();
    const homograph = await importText(at, {}, { baseUrl: "https://gw.\u0435xample/v1" });
    expect(homograph.stderr).toContain("https://gw.xn--xample-2of/v1 (GW_KEY): m");
    const up = await importText(machine(), {}, { baseUrl: "https://gw.example/v1/../evil" });
    expect(up.stderr).toContain("https://gw.example/evil (GW_KEY): m");
  });

  test.each<[name: string, of: object, more: object, why: string]>([
    ["a number that JSON loses", { capabilities: { a: [2 ** 60] } }, {}, "cannot be kept exactly"],
    [
      "a default that answers no chat",
      { imageOnly: true },
      { selection: { selectedType: "openai", model: "m" } },
      "`selection.model` answers no chat",
    ],
    [
      "a default with another interface",
      { wireApi: "responses" },
      { selection: { selectedType: "openai", model: "m" } },
      "`selection.model` answers no chat",
    ],
  ])("%s is refused", async (_name, of, more, why) => {
    const at = machine();
    const ran = await importText(at, more, of);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(why);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });
});

describe("an entry that a file has twice", () => {
  const bare = { id: "gpt-5", envKey: "OPENAI_API_KEY" };
  const cases: readonly (readonly [name: string, openai: readonly object[], ids: string[]])[] = [
    ["as it is", [ENTRY, ENTRY], ["m"]],
    ["thrice, around another", [ENTRY, { ...ENTRY, id: "n" }, ENTRY, ENTRY], ["m", "n"]],
    ["with a slash", [ENTRY, { ...ENTRY, baseUrl: "https://gw.example/v1/" }], ["m"]],
    ["in capitals", [ENTRY, { ...ENTRY, baseUrl: "HTTPS://GW.example/v1" }], ["m"]],
    [
      "with and without the public endpoint",
      [bare, { ...bare, baseUrl: "https://api.openai.com/v1" }],
      ["gpt-5"],
    ],
  ];
  test.each(cases)("is written once: %s", async (_name, openai, ids) => {
    const at = machine();
    for (const flags of [[], [], ["--replace"]]) {
      expect(await importing(at, openai, ...flags)).toMatchObject({ exitCode: 0 });
      expect(entriesOf(at).map(({ id }: { readonly id: string }) => id)).toEqual(ids);
    }
  });

  test("is refused where the two differ, and kept where they have keys of their own", async () => {
    const at = machine();
    const differs = await importing(at, [ENTRY, { ...ENTRY, name: "other" }]);
    expect(differs.exitCode).toBe(2);
    expect(differs.stderr).toContain("`modelProviders.openai[1]` is there already");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
    const two = [ENTRY, { ...ENTRY, envKey: "OTHER_KEY" }];
    expect(await importing(at, two)).toMatchObject({ exitCode: 0 });
    expect(entriesOf(at)).toEqual(two);
  });

  test("is exported once, and that is said: what is exported can be imported", async () => {
    const at = machine();
    const openai = [ENTRY, { ...ENTRY, name: "never reached" }];
    at.write(".qwen/settings.json", { $version: 4, modelProviders: { openai } });
    const exported = await qwen(at, ["auth", "export"]);
    expect(exported.stderr).toContain('left out, as it stands there twice: "m"');
    const other = machine();
    const args = ["auth", "import", "-", "--yes"];
    expect(await qwen(other, args, { stdin: exported.stdout })).toMatchObject({ exitCode: 0 });
    expect(entriesOf(other)).toEqual([ENTRY]);
  });
});

test.each([
  [["auth", "export", "--provider", ""], "`--provider`: it is empty"],
  [["auth", "export", "--provider", ","], "`--provider`: it is empty"],
  [["auth", "export", "--provider="], "`--provider`: it is empty"],
  [["auth", "export", "--output", ""], "`--output`: it is empty"],
  [["auth", "import", ""], "no file was named"],
  [["auth", "serve", "--allow-host", ""], "`--allow-host`: it is empty"],
])("%j is a usage error", async (args, why) => {
  const at = machine();
  at.write(".qwen/settings.json", { modelProviders: { openai: [ENTRY] } });
  const ran = await qwen(at, args);
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toContain(why);
});
