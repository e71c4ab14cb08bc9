import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Runtime } from "../../src/runtime.ts";
import { transcript } from "../support/transcript.ts";

type RunTool = Runtime["processes"]["runTool"];

const BUILD = { commit: "0123456789abcdef", target: "linux-x64", repository: "o/n" };
const ran: Parameters<RunTool>[0][] = [];

/** An installation in `~/bin`, whose updater ends so. */
function installed(ended: Awaited<ReturnType<RunTool>>, build: Runtime["build"] = BUILD) {
  return {
    files: { "bin/qwen": "" },
    env: {
      PATH: "/nowhere",
      HTTPS_PROXY: "http://p.example:1",
      QWEN_INSTALL_DIR: "/d",
      A_KEY: "sk-0123456789abcdefghij",
    },
    runtime: ({ home, processes }: Pick<Runtime, "home" | "processes">) => ({
      build,
      processes: {
        ...processes,
        executable: join(home, "bin", "qwen"),
        endBy: async () => 143,
        runTool: async (tool: Parameters<RunTool>[0]) => {
          ran.push(tool);
          return ended;
        },
      },
    }),
  };
}

const DONE = { kind: "exited", code: 0 } as const;

describe("qwen upgrade", () => {
  test("prints the line", async () => {
    expect(await transcript("upgrade", installed(DONE))).toMatchInlineSnapshot(`
      "
      i=$(curl -fsSL https://github.com/o/n/releases/latest/download/install.sh) && sh -c "$i" sh --bin-dir ~/bin
      "
    `);
    expect(await transcript("upgrade --json", installed(DONE))).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "version": "1.2.3",
        "path": "~/bin/qwen",
        "method": "installer",
        "line": "i=$(curl -fsSL https://github.com/o/n/releases/latest/download/install.sh) && sh -c \\"$i\\" sh --bin-dir ~/bin"
      }
      "
    `);
    expect(ran).toEqual([]);
  });

  test("knows no line of a build that names no home", async () => {
    const given = installed(DONE, { ...BUILD, repository: "" });
    expect(await transcript("upgrade", given)).toMatchInlineSnapshot(`
      "
      exit 1
      stderr:
      error: Cannot tell how to update \`~/bin/qwen\`: this build names no home of releases

      hint: set QWEN_INSTALL_GITHUB_REPO=owner/name, or in the checkout that it was built from run \`git pull && sh install.sh --from-source\`
      "
    `);
  });

  test.each([
    [{ kind: "exited", code: 0 }, ""],
    [{ kind: "exited", code: 7 }, "exit 7"],
    [{ kind: "signalled", signal: "SIGTERM" }, "exit 143"],
    [{ kind: "not-started", code: "ENOENT" }, "exit 127"],
    [{ kind: "not-started", code: "EACCES" }, "exit 126"],
  ] as const)("ends as its updater does: %j", async (ended, exit) => {
    ran.splice(0);
    const text = await transcript("upgrade --run", installed(ended));
    expect(text.startsWith(`\n${exit}`)).toBe(true);
    expect(text).toContain("stderr:\ni=$(curl -fsSL https://github.com/o/n/releases/");
    expect(ran.map(({ argv }) => argv.slice(0, 2))).toEqual([["sh", "-c"]]);
    expect(Object.keys(ran[0]?.env ?? {})).toEqual(
      expect.arrayContaining(["PATH", "HTTPS_PROXY", "QWEN_INSTALL_DIR"]),
    );
    expect(JSON.stringify(ran)).not.toContain("sk-0123456789");
  });
});
