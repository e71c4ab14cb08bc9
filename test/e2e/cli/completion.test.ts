import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { shellPty } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { run, shell } from "../../support/shell.ts";

setDefaultTimeout(60_000);

const BASH_COMPLETION = "/usr/share/bash-completion/bash_completion";
const KEY = "sk-sp-c4n4ry0123456789abcdefCANARY";

const model = (id: string, host = "a.test") => ({
  id,
  baseUrl: `https://${host}/v1`,
  envKey: "MY_KEY",
});

const SETTINGS = {
  $version: 4,
  env: { MY_KEY: KEY },
  modelProviders: {
    openai: [
      model("glm-5"),
      model("z-ai/glm-4.5-air:free"),
      model("two"),
      model("two", "b.test"),
      model("with space"),
      model("$(touch pwned)"),
      model("`touch pwned`"),
      model("'quote"),
      model("es\u001b[2Jcape"),
      model("new\nline"),
      model("bidi\u202e"),
      model("tab\tbed"),
      model(":files"),
      model("--flag"),
      model(KEY),
      model(`id-${KEY}`),
    ],
  },
};

function configured(): Machine {
  const at = machine();
  at.write(".qwen/settings.json", SETTINGS);
  at.write("p/some file.pem", "");
  return at;
}

/** What `__complete` answers for the last of these words. */
async function offers(at: Machine, ...words: string[]): Promise<string[]> {
  const ran = await qwen(at, ["__complete", String(words.length - 1), "--", ...words]);
  expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toEqual({ exitCode: 0, stderr: "" });
  return values(ran.stdout);
}

const values = (output: string) =>
  output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0] ?? "");

const IDS = ["glm-5", "z-ai/glm-4.5-air:free", "two@a.test", "two@b.test"];

describe("qwen __complete", () => {
  test("offers ids of the settings that need no quotes, and none with a key", async () => {
    const at = configured();
    expect(await offers(at, "auth", "switch", "")).toEqual(IDS);
    expect(await offers(at, "-m", "two")).toEqual(["two@a.test", "two@b.test"]);
  });

  test.each([
    ["broken settings", (at: Machine) => at.write(".qwen/settings.json", `{"env": ${KEY}`)],
    ["settings that are no file", (at: Machine) => at.write(".qwen/settings.json/x", "")],
    ["a broken trust file", (at: Machine) => at.write(".qwen/trustedFolders.json", "[")],
    ["no settings", () => ""],
  ])("with %s offers what needs none, and says nothing", async (_name, prepare) => {
    const at = machine();
    prepare(at);
    expect(await offers(at, "auth", "switch", "")).toEqual([]);
    expect(await offers(at, "auth", "st")).toEqual(["status"]);
  });

  test.each([
    { args: [] },
    { args: ["0"] },
    { args: ["0", "--"] },
    { args: ["x", "--", "auth"] },
    { args: ["-1", "--", "auth", "status"] },
    { args: ["9", "--", "auth", "--json", "--debug"] },
    { args: ["1", "--", "--help", "--version"] },
    { args: ["2", "--", "auth", "api-key", "--key"] },
    { args: ["3", "--", "auth", "api-key", "--key", KEY] },
  ])("never fails: $args", async ({ args }) => {
    const ran = await qwen(configured(), ["__complete", ...args]);
    expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(ran.stdout).not.toContain(KEY);
  });

  test("without candidates leaves a file that it is redirected to as it is", async () => {
    const at = machine();
    const script = "(echo first; qwen __complete 0 -- nothing) >f; cat f";
    expect((await shell(at, script)).stdout).toBe("first\n");
  });
});

describe("qwen completion", () => {
  test.each([
    { args: [], message: "Cannot print a completion script: no shell was named" },
    { args: ["elvish"], message: `Cannot print a completion script for "elvish": it is unknown` },
  ])("refuses $args", async ({ args, message }) => {
    const { exitCode, stdout, stderr } = await qwen(machine(), ["completion", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toBe(`error: ${message}\n\nhint: choose bash, zsh, fish or powershell\n`);
  });

  test("prints the script of PowerShell, also as pwsh", async () => {
    const at = machine();
    const { exitCode, stdout, stderr } = await qwen(at, ["completion", "powershell"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Register-ArgumentCompleter -Native -CommandName qwen");
    expect(stdout).toContain("qwen __complete $before.Count -- @before $wordToComplete");
    expect((await qwen(at, ["completion", "pwsh"])).stdout).toBe(stdout);
  });

  testUnless(missingPrograms("shellcheck"))("prints a bash script without complaints", async () => {
    const script = "qwen completion bash | shellcheck -s bash -";
    const { exitCode, stdout } = await shell(machine(), script);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  });
});

/** What is typed before Tab, and what the line is afterwards. */
const LINES: readonly (readonly [typed: string, line: string])[] = [
  ["qwen comp", "qwen completion "],
  ["qwen auth st", "qwen auth status "],
  ["qwen auth whoami --show", "qwen auth whoami --show-token "],
  ["qwen auth api-key --provider moons", "qwen auth api-key --provider moonshot "],
  [
    "qwen auth api-key --provider moonshot --region=ch",
    "qwen auth api-key --provider moonshot --region=china ",
  ],
  [
    "qwen auth api-key --provider=moonshot --region a",
    "qwen auth api-key --provider=moonshot --region auto ",
  ],
  [
    "qwen auth api-key --provider 'moonshot' --region g",
    "qwen auth api-key --provider 'moonshot' --region global ",
  ],
  ["qwen auth switch glm", "qwen auth switch glm-5 "],
  ["qwen auth switch z-ai/glm-4.5-air:f", "qwen auth switch z-ai/glm-4.5-air:free "],
  ["qwen auth switch two@b", "qwen auth switch two@b.test "],
  ["qwen -o str", "qwen -o stream-json "],
  ["qwen --color=al", "qwen --color=always "],
  ["qwen auth api-key --key-file som", "qwen auth api-key --key-file some\\ file.pem "],
  ["qwen '$(touch pwned)' --no-in", "qwen '$(touch pwned)' --no-input "],
];

/** Ctrl+T shows the line as the shell has it, between angle brackets, and empties it. */
const SHOW_LINE = {
  bash: `show() { echo "<$READLINE_LINE>"; READLINE_LINE=; }; bind -x '"\\C-t": show'`,
  zsh: `show() { zle -I; print -r "<$BUFFER>"; BUFFER=; }; zle -N show; bindkey '^T' show`,
} as const;

const bash = { program: "bash", start: "bash --norc --noprofile -i", setUp: "" } as const;

const TERMINALS = [
  { name: "bash", ...bash },
  {
    name: "bash with bash-completion",
    ...bash,
    setUp: `source ${BASH_COMPLETION}; `,
    missing: existsSync(BASH_COMPLETION) ? undefined : `${BASH_COMPLETION} not found`,
  },
  {
    name: "zsh",
    program: "zsh",
    start: "zsh -f -i",
    setUp: "autoload -Uz compinit; compinit -D; ",
  },
] as const;

for (const { name, program, start, setUp, ...needs } of TERMINALS) {
  const missing = missingPrograms(program) ?? ("missing" in needs ? needs.missing : undefined);
  testUnless(missing)(`${name} completes words on a terminal, and runs none of them`, async () => {
    const at = configured();
    const terminal = shellPty(at, `exec ${start}`, { cols: 200 });
    terminal.press(`${setUp}${SHOW_LINE[program]}; source <(qwen completion ${program})\r`);
    terminal.press("echo re''ady\r");
    await terminal.waitFor("\nready");
    for (const [typed, line] of LINES) {
      terminal.press(`${typed}\t\u0014`);
      await terminal.waitFor(`<${line}>`);
    }
    expect(existsSync(join(at.project, "pwned"))).toBe(false);
  });

  testUnless(missing)(`${name} lists what there is to choose from`, async () => {
    const terminal = shellPty(configured(), `exec ${start}`, { cols: 200 });
    terminal.press(`${setUp}source <(qwen completion ${program})\r`);
    terminal.press("echo re''ady\r");
    await terminal.waitFor("\nready");
    terminal.press("qwen auth switch \t\t");
    for (const id of IDS.toSorted()) {
      await terminal.waitFor(id);
    }
    expect(terminal.text()).not.toContain("touch");
  });
}

describe("fish", () => {
  const cases: readonly (readonly [typed: string, offered: readonly string[]])[] = [
    ["qwen comp", ["completion"]],
    ["qwen auth st", ["status"]],
    ["qwen auth switch ", IDS.toSorted()],
    ["qwen auth switch z-ai/glm-4.5-air:", ["z-ai/glm-4.5-air:free"]],
    ["qwen auth api-key --provider moons", ["moonshot"]],
    ["qwen auth api-key --provider moonshot --region=c", ["--region=china"]],
    ["qwen auth api-key --provider 'moonshot' --region ", ["auto", "china", "global"]],
    ["qwen auth api-key --key-file som", ["some file.pem"]],
    ["qwen auth api-key --key-file=som", ["--key-file=some file.pem"]],
    ["qwen auth env --shell ", ["fish", "pwsh", "sh"]],
    ["qwen --no-in", ["--no-input"]],
    ["qwen '$(touch pwned)' ", []],
    ["qwen auth nonsense ", []],
  ];
  testUnless(missingPrograms("fish")).each(cases)("offers for %j", async (typed, offered) => {
    const script = "qwen completion fish | source; complete -C $argv[1]";
    const ran = await run(configured(), ["fish", "-N", "-c", script, "--", typed]);
    expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(values(ran.stdout).toSorted()).toEqual([...offered]);
  });
});
