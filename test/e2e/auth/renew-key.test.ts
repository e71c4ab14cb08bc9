import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import { FILE_FORMATS as FORMATS } from "../../support/file-formats.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(120_000);

const OLD = "sk-old-0123456789abcdef0123";
const NEW = "sk-new-fedcba9876543210fedc";

const LAST = FORMATS.length - 1;

/** What a person adds to settings: comments at every place, own entries, fields and a choice. */
function handEdited(text: string): string {
  return text
    .replace("{", "// mine\n{ // first")
    .replace(/("modelProviders": \{\n\s*"\w+": \[)/, "$1 // hand-edited")
    .replace(/("name": "[^"]*",)/, '$1 // called so\n        "timeoutNote": true,')
    .replace(/("baseUrl": "[^"]*)",/, '$1/", /* with a slash */')
    .replace(/"enable_thinking": true/, '"enable_thinking": false')
    .replace(/\}\s*$/, ',\n  /* last */\n  "ui": {\n    "theme": "Ayu"\n  }\n}\n// the end\n')
    .replace(/\n\s*,/, ",");
}

/** What a person makes of a `.env`. */
function handEditedDotenv(text: string): string {
  const lines = text.trimEnd().replace(/^(\w+)=.*$/m, `export $1='${OLD}' # mine`);
  return `# my keys\nOTHER="a b" # kept\n\n${lines}\n\nLAST=\`x\`\n`;
}

type Place = { readonly name: string; readonly args: readonly string[] };

/** A login to every provider of the catalogue at every region, and to endpoints of one's own. */
const PLACES: readonly Place[] = [
  ...PROVIDERS.filter(({ envKey }) => envKey !== undefined).flatMap((provider) => {
    const models = provider.models.length === 0 ? ["--model", "m,n"] : [];
    const endpoint =
      provider.endpoints.length === 0
        ? ["--base-url", "https://mine.openai.azure.com/openai/v1"]
        : [];
    const regions = provider.endpoints.map(({ region }) => region);
    return (regions.length === 0 ? [undefined] : regions).map((region) => ({
      name: `${provider.id} ${region ?? ""}`.trim(),
      args: [
        ...["--provider", provider.id, ...models, ...endpoint],
        ...(region === undefined ? [] : ["--region", region]),
      ],
    }));
  }),
  {
    name: "an endpoint of one's own",
    args: ["--base-url", "https://gw.example/v1", "--model", "m"],
  },
  {
    name: "an endpoint of Anthropic's protocol",
    args: ["--base-url", "https://gw.example", "--protocol", "anthropic", "--model", "m,n"],
  },
];

/** Each with two formats, one after another; `test/auth/login/renew-key.test.ts` has all with each. */
const ROWS = PLACES.flatMap((place) =>
  (["settings", "env-file"] as const).map((store) => [place.name, store, place.args] as const),
).map((row, index) => [...row, [FORMATS[index % LAST], FORMATS[LAST]] as const] as const);

async function logIn(at: Machine, args: readonly string[], key: string) {
  const ran = await qwen(at, ["auth", "api-key", ...args, "--no-verify", "--key-stdin"], {
    stdin: key,
  });
  expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toMatchObject({ exitCode: 0 });
  return ran;
}

type Files = { readonly settings: string; readonly dotenv: string | undefined };

/** Settings and `.env` of a machine after a login and after what a person made of them. */
async function editedFiles(args: readonly string[]): Promise<Files> {
  const at = machine();
  await logIn(at, args, OLD);
  const dotenv = filesOf(at).dotenv;
  return {
    settings: handEdited(readFileSync(at.settings, "utf8")),
    dotenv: dotenv === undefined ? undefined : handEditedDotenv(dotenv),
  };
}

function filesOf(at: Machine): Files {
  const dotenv = join(at.home, ".qwen", ".env");
  return {
    settings: readFileSync(at.settings, "utf8"),
    dotenv: existsSync(dotenv) ? readFileSync(dotenv, "utf8") : undefined,
  };
}

function each({ settings, dotenv }: Files, change: (text: string) => string): Files {
  return { settings: change(settings), dotenv: dotenv === undefined ? undefined : change(dotenv) };
}

describe("renewing a key changes the key and no other byte:", () => {
  test.each(ROWS)("%s, %s", async (_name, store, args, formats) => {
    const files = await editedFiles([...args, "--store", store]);
    const stored = store === "settings" ? files.settings : files.dotenv;
    expect([stored?.includes(OLD), files.dotenv !== undefined]).toEqual([
      true,
      store === "env-file",
    ]);
    // A provider's models are those of before; an endpoint of one's own has to be named in full.
    const isKnown = args.includes("--provider");
    const named = args.filter((arg, at) => arg !== "--model" && args[at - 1] !== "--model");
    for (const { name, write } of formats.filter((format) => format !== undefined)) {
      const at = machine();
      const before = each(files, write);
      at.write(".qwen/settings.json", before.settings);
      if (before.dotenv !== undefined) {
        at.write(".qwen/.env", before.dotenv);
      }
      const { stderr } = await logIn(at, [...(isKnown ? named : args), "--store", store], NEW);
      expect(stderr).not.toContain("removed");
      expect({ name, ...filesOf(at) }).toEqual({
        name,
        ...each(before, (text) => text.replace(OLD, NEW)),
      });
    }
  });
});
