import { describe, expect, test } from "bun:test";
import { PROVIDERS } from "../../src/auth/providers/providers.ts";
import type { BoundCommand, CommandEntry } from "../../src/cli/command-entry.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import {
  renderCommandHelp,
  renderGroupHelp,
  renderRootHelp,
  TOPIC_PAGES,
} from "../../src/cli/render-help.ts";
import { EXIT_MEANINGS } from "../../src/errors.ts";

const load = () => Promise.reject(new Error("not loaded"));
const COMMAND: BoundCommand = { examples: ["qwen do it", "qwen do"], run: async () => 0 };
const PLAIN_ENTRY: CommandEntry = { words: ["do", "it"], summary: "Do it", flags: {}, load };

describe("renderCommandHelp()", () => {
  test.each<
    readonly [
      name: string,
      entry: Partial<CommandEntry>,
      command: Partial<BoundCommand>,
      columns: number,
      page: string,
    ]
  >([
    [
      "without flags",
      {},
      {},
      80,
      "Do it.\n\nUsage\n  qwen do it [flags]\n\nExamples\n  qwen do it\n  qwen do\n\nGlobal flags: see `qwen --help`.\n",
    ],
    [
      "with a word, and flags but hidden ones and those of another page",
      {
        argument: { name: "ID", description: "Which" },
        flags: {
          json: { type: "boolean", description: "As JSON" },
          region: { type: "string", alias: ["rg", "r"], valueHint: "NAME", description: "Where" },
          old: { type: "boolean", hidden: true, description: "Gone" },
          model: { type: "string", topic: "chat", description: "Elsewhere" },
        },
      },
      { examples: ["qwen do it"] },
      80,
      "Do it.\n\nUsage\n  qwen do it [ID] [flags]\n\nArguments\n  ID  Which\n\nFlags\n      --json         As JSON\n  -r, --region NAME  Where\n\nExamples\n  qwen do it\n\nMore flags: `qwen help chat` (what is in force), `qwen --help` (all commands).\n",
    ],
    [
      "with a program",
      { argument: { name: "PROGRAM", description: "Which", isProgram: true } },
      { examples: [] },
      80,
      "Do it.\n\nUsage\n  qwen do it [flags] [--] PROGRAM [ARG...]\n\nArguments\n  PROGRAM  Which\n\nExamples\n\nGlobal flags: see `qwen --help`.\n",
    ],
    [
      "with no words, which is the page of the flags of a question",
      { words: [], flags: { model: { type: "string", topic: "chat", description: "Here" } } },
      { examples: ["qwen"] },
      80,
      "Do it.\n\nUsage\n  qwen [flags]\n\nFlags\n      --model  Here\n\nExamples\n  qwen\n\nGlobal flags: see `qwen --help`.\n",
    ],
    ...[79, 80].map(
      (columns) =>
        [
          `with details on ${columns} columns`,
          {},
          {
            examples: ["x"],
            details: ["One line", "and its end.", "", "  a command", "  another", "", "Last."],
          },
          columns,
          `Do it.\n\nOne line${columns === 80 ? "\n" : " "}and its end.\n\n  a command\n  another\n\nLast.\n\nUsage\n  qwen do it [flags]\n\nExamples\n  x\n\nGlobal flags: see \`qwen --help\`.\n`,
        ] as const,
    ),
  ])("%s", (_name, entry, command, columns, page) => {
    expect(
      renderCommandHelp({ ...PLAIN_ENTRY, ...entry }, { ...COMMAND, ...command }, { columns }),
    ).toBe(page);
  });

  test("keeps the lines of details where no width is known", () => {
    const command = { ...COMMAND, details: ["a", "b"] };
    expect(renderCommandHelp(PLAIN_ENTRY, command)).toStartWith("Do it.\n\na\nb\n\nUsage\n");
    expect(renderCommandHelp(PLAIN_ENTRY, command, { columns: undefined })).toStartWith(
      "Do it.\n\na\nb\n\nUsage\n",
    );
  });
});

/** The rows below a heading. */
function rowsBelow(page: string, heading: string): string[] {
  const lines = page.split("\n");
  const from = lines.indexOf(heading) + 1;
  return lines.slice(from, lines.indexOf("", from)).map((line) => line.slice(2));
}

test("renderRootHelp() lists every command but those that a group lists", () => {
  const rows = rowsBelow(renderRootHelp(), "Commands");
  const shown = COMMANDS.filter(({ isOfGroup }) => isOfGroup !== true);
  const width = Math.max(...shown.map(({ words }) => words.join(" ").length));
  expect(rows).toEqual(
    shown.map(({ words, summary }) => `${words.join(" ").padEnd(width)}  ${summary}`),
  );
  expect(shown.length).toBeLessThan(COMMANDS.length);
  expect(rowsBelow(renderRootHelp(), "Global flags").at(-1)).toMatch(
    /^-V, --version +Print the version;/,
  );
  expect(rowsBelow(renderRootHelp(), "Usage")).toEqual([
    "qwen <command> [flags]",
    "qwen                     Talk with a model: a session; `/help` in it",
    'qwen "question" [flags]  Ask once; flags: `qwen help chat`',
  ]);
});

test("renderGroupHelp() lists all of its group", () => {
  const own = COMMANDS.filter(({ words }) => words[0] === "auth");
  const rows = rowsBelow(renderGroupHelp("auth"), "Commands");
  expect(rows.map((row) => row.split(/ {2,}/))).toEqual(
    own.map(({ words, summary }) => [words.join(" "), summary]),
  );
});

test("`qwen help providers` has every provider, in two columns", () => {
  const rows = rowsBelow(TOPIC_PAGES.get("providers")?.() ?? "", "Providers");
  const cells = rows.map((row) => row.split(/ {2,}/));
  const ids = [...cells.map(([id]) => id), ...cells.flatMap(([, , id]) => id ?? [])];
  expect(ids).toEqual(PROVIDERS.map(({ id }) => id));
  expect(rows).toHaveLength(Math.ceil(PROVIDERS.length / 2));
  expect(rows.filter((row) => row.endsWith(" "))).toEqual([]);
  const rights = PROVIDERS.slice(rows.length).map(({ id }, index) =>
    rows[index]?.indexOf(`  ${id} `),
  );
  expect(new Set(rights).size).toBe(1);
});

test("`qwen help exit-codes` has every code", () => {
  const rows = rowsBelow(`${TOPIC_PAGES.get("exit-codes")?.()}\n`, "Exit codes");
  expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual(
    EXIT_MEANINGS.map(([code, meaning]) => [`${code}`, meaning]),
  );
});
