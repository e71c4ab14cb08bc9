import { describe, expect, test } from "bun:test";
import { PROVIDERS } from "../../src/auth/providers/providers.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { FILES, offersFor } from "../../src/cli/offers-for.ts";
import { GLOBAL_FLAGS } from "../../src/flags/global-flags.ts";

const MODELS = ["glm-5", "glm-4.7", "other"];

/** What is offered for the last word of a line. */
async function offered(line: string): Promise<readonly string[] | string> {
  const words = line.split(" ");
  const position = { before: words.slice(0, -1), current: words.at(-1) ?? "" };
  const offers = await offersFor(position, async () => MODELS);
  return offers === FILES ? FILES : offers.map(({ value }) => value);
}

const names = new Set(COMMANDS.map(({ words }) => words[0] ?? ""));
const subcommands = COMMANDS.filter(({ words }) => words[0] === "auth").flatMap(
  ({ words }) => words[1] ?? [],
);

describe("offersFor()", () => {
  test.each<[line: string, offers: readonly string[] | string]>([
    ["", [...names, "help"]],
    ["--no-project ", [...names, "help"]],
    ["hel", ["help"]],
    ["auth ", subcommands],
    ["-m glm-5 auth sw", ["switch"]],
    ["help ", [...names, "chat", "network", "providers", "exit-codes"]],
    ["help auth tok", ["token"]],
    ["help auth token ", []],
    ["auth nonsense ", []],
    ["auth status ", []],
    ["hello wor", []],
    ["-p hello ", []],
    ["-- au", []],
  ])("offers words behind %j", async (line, offers) => {
    expect(await offered(line)).toEqual(offers);
  });

  test.each<[line: string, offers: readonly string[] | string]>([
    ["auth api-key --provider ", PROVIDERS.map(({ id }) => id)],
    ["auth api-key --provider moonshot --region ", ["global", "china", "auto"]],
    ["auth api-key --provider kimi -r ", ["global", "china", "auto"]],
    ["auth api-key --provider=zai --region=c", ["--region=coding", "--region=china"]],
    ["auth api-key --provider deepseek --region ", []],
    ["auth api-key --region ", []],
    ["auth api-key --provider deepseek --model ", ["deepseek-v4-pro", "deepseek-v4-flash"]],
    ["auth api-key --provider deepseek -m x,deepseek-v4-f", ["x,deepseek-v4-flash"]],
    ["auth api-key --provider deepseek --model=x,deepseek-v4-f", ["--model=x,deepseek-v4-flash"]],
    ["auth openrouter -m open", ["openrouter/auto"]],
    ["auth moonshot -r ", ["global", "china", "auto"]],
    ["auth deep", ["deepseek"]],
    ["auth tok", ["token", "token-plan"]],
    ["auth api-key --header ", []],
    ["auth api-key --protocol ", ["openai", "anthropic", "gemini"]],
    ["auth api-key --store ", ["settings", "env-file", "keyring"]],
    ["auth api-key --scope=", ["--scope=user", "--scope=project"]],
    ["auth api-key --key ", []],
    ["auth api-key --key-env ", []],
    ["auth api-key --key-file ", FILES],
    ["auth api-key --key-file=x", FILES],
    ["auth coding-plan -r ", ["china", "global", "auto"]],
    ["auth logout --provider deep", ["deepseek"]],
    ["auth env --shell ", ["sh", "fish", "pwsh"]],
    ["auth run ", ["claude", "codex", "opencode", "qwen", "gemini"]],
    ["auth run --max-requests 5 -- co", ["codex"]],
    ["auth exec --recipe cl", ["claude"]],
    ["auth run claude ", FILES],
    ["auth run -- claude --mod", FILES],
    ["auth run --log ", FILES],
    ["auth serve --allow-host ", []],
    ["auth status --auth-type ", ["openai", "anthropic", "gemini", "qwen-oauth"]],
    ["auth whoami --model glm", ["glm-5", "glm-4.7"]],
    ["auth switch ", MODELS],
    ["auth switch --scope user gl", ["glm-5", "glm-4.7"]],
    ["auth switch glm-5 ", []],
    ["completion ", ["bash", "zsh", "fish", "powershell"]],
    ["-m ", MODELS],
    ["hello -o ", ["text", "json", "stream-json"]],
    ["models --color ", ["auto", "always", "never"]],
    ["--ca-cert ", FILES],
    ["--nonsense=", []],
  ])("offers values in %j", async (line, offers) => {
    expect(await offered(line)).toEqual(offers);
  });

  test("offers a command's flags and the global ones, without those that stand there", async () => {
    const global = Object.entries(GLOBAL_FLAGS)
      .filter(([, { hidden }]) => hidden !== true)
      .map(([name]) => `--${name}`);
    expect(await offered("auth list --verify --qu")).toEqual(["--quiet"]);
    expect(await offered("auth list --verify -d -")).toEqual([
      "--json",
      ...global.filter((flag) => flag !== "--debug"),
      "--help",
    ]);
  });

  test("offers --version where no command stands", async () => {
    expect(await offered("--ver")).toEqual(["--version"]);
    expect(await offered("auth list --ver")).toEqual(["--verify"]);
  });

  test.each(COMMANDS.map(({ words }) => words.join(" ")))(
    "offers no hidden flag of `%s`",
    async (words) => {
      const command = COMMANDS.find((entry) => entry.words.join(" ") === words);
      const hidden = Object.entries(command?.flags ?? {}).filter(([, flag]) => flag.hidden);
      const flags = await offered(`${words} --`);
      expect(hidden.filter(([name]) => flags.includes(`--${name}`))).toEqual([]);
    },
  );
});
