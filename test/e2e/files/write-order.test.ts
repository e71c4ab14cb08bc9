import { describe, expect, setDefaultTimeout } from "bun:test";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { run } from "../../support/shell.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { cannotTrace } from "../../support/trace-calls.ts";
import { EXPIRED, oauthMachine, RENEWED } from "../oauth/oauth-machine.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef01234567890abc";
const PLAN = ["auth", "coding-plan", "-r", "china", "--key-stdin"];
const DEEPSEEK = ["auth", "deepseek", "--key-stdin"];
const SET_UP = {
  schemaVersion: 1,
  modelProviders: { openai: [{ id: "m", baseUrl: "https://gw.example/v1", envKey: "GW_KEY" }] },
  env: { GW_KEY: KEY },
  accounts: { GW_KEY: { own: { key: KEY } } },
};

type Writer = {
  readonly file: string;
  /** For rows that write a file that another row writes, too. */
  readonly name?: string;
  readonly make: () => Promise<Machine>;
  readonly args: readonly string[];
};

const WRITERS: readonly Writer[] = [
  { file: "settings.json", make: withFile("settings.json", "{}"), args: PLAN },
  { file: ".env", make: withFile(".env", "A=1\n"), args: [...PLAN, "--store", "env-file"] },
  { file: "trustedFolders.json", make: withFile("trustedFolders.json", "{}"), args: ["trust"] },
  {
    file: "oauth_creds.json",
    make: async () => {
      const { origin } = await scriptedServer(answer(200, RENEWED));
      return oauthMachine({ account: origin, tokens: EXPIRED });
    },
    args: ["auth", "qwen-oauth", "--force"],
  },
  { file: "accounts.json", make: withAccounts, args: [...DEEPSEEK, "--account", "new"] },
  {
    file: "settings.json",
    name: "settings.json at a switch",
    make: withAccounts,
    args: ["auth", "switch", "deepseek@work"],
  },
  ...["settings.json", "accounts.json"].map((file) => ({
    file,
    name: `${file} with a new key`,
    make: withAccounts,
    args: ["auth", "set-key", "deepseek@ci", "--key-stdin"],
  })),
  ...["settings.json", "accounts.json"].map((file) => ({
    file,
    name: `${file} at an import`,
    make: async () => {
      const at = await withAccounts();
      at.write("p/set-up.json", SET_UP);
      return at;
    },
    args: ["auth", "import", "set-up.json", "--yes"],
  })),
  {
    file: "settings.json",
    name: "settings.json at an update of models",
    make: async () => {
      const { origin } = await scriptedServer(answer(200, { data: [{ id: "new" }] }));
      const at = machine();
      await qwen(at, ["auth", "api-key", "-u", `${origin}/v1`, "-m", "m", "--key-stdin"], {
        stdin: KEY,
      });
      return at;
    },
    args: ["models", "--update"],
  },
];

/** A machine with two accounts, of which the second is in force. */
async function withAccounts(): Promise<Machine> {
  const at = machine();
  for (const name of ["work", "ci"]) {
    await qwen(at, [...DEEPSEEK, "--account", name], { stdin: `${KEY}${name}` });
  }
  return at;
}

function withFile(name: string, text: string) {
  return async () => {
    const at = machine();
    at.write(`.qwen/${name}`, text);
    return at;
  };
}

/** What the calls say that are about the temporary file of `file` which takes its place. */
async function tracedWrite({ make, args, file }: Writer): Promise<readonly string[]> {
  const at = await make();
  const log = join(temporaryDirectory(), "trace");
  const watched = "trace=openat,write,pwrite64,ftruncate,fsync,fchmod,rename,close";
  const strace = ["strace", "-f", "-qq", "-s", "0", "-o", log, "-e", watched];
  const ran = await run(at, [...strace, realpathSync(QWEN), ...args], { stdin: KEY });
  expect(ran).toMatchObject({ exitCode: 0 });
  const folder = join(at.home, ".qwen");
  const lines = readFileSync(log, "utf8").replaceAll(`${folder}/`, "").split("\n");
  const rename = lines.findIndex((line) => line.includes(`rename(".${file}.`));
  const temporary = /rename\("([^"]+)"/.exec(lines[rename] ?? "")?.[1] ?? "none";
  const opened = lines.findIndex((line) => line.includes(`"${temporary}", O_WRONLY`));
  const descriptor = / = (\d+)$/.exec(lines[opened] ?? "")?.[1];
  const during = lines
    .slice(opened + 1, rename)
    .filter((line) =>
      new RegExp(`(?:write|pwrite64|ftruncate|fsync|fchmod)\\(${descriptor}\\b`).test(line),
    );
  const after = lines.slice(rename + 1);
  const directory = after.findIndex(
    (line) => line.includes(`"${folder}", O_RDONLY`) && !line.includes("O_PATH"),
  );
  const directoryDescriptor = / = (\d+)$/.exec(after[directory] ?? "")?.[1];
  const nameOf = (line: string) => / (\w+)\(/.exec(` ${line.replace(/^\d+ +/, "")}`)?.[1] ?? line;
  expect(lines[opened]).toMatch(
    /O_CREAT\|O_EXCL\|(?:O_LARGEFILE\|)?O_NOFOLLOW\|O_CLOEXEC, 0600\) = /,
  );
  return [
    ...during.map(nameOf),
    nameOf(lines[rename] ?? ""),
    ...after
      .slice(directory + 1, directory + 2)
      .map((line) =>
        line.includes(`fsync(${directoryDescriptor})`) ? "fsync of the directory" : line,
      ),
  ];
}

describe("a power cut leaves the old or the new file: bytes, rename and directory are synced in order", () => {
  const rows = WRITERS.map((writer) => ({ name: writer.file, ...writer }));
  testUnless(cannotTrace()).each(rows)("$name", async (writer) => {
    const order = ["pwrite64", "ftruncate", "fsync", "rename", "fsync of the directory"];
    const reserved = writer.file === "oauth_creds.json" ? ["pwrite64", "fsync"] : [];
    expect(await tracedWrite(writer)).toEqual([...reserved, ...order]);
  });
});
