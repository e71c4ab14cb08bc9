import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Language, type Node, Parser } from "web-tree-sitter";
import { stampInstaller } from "../../build/installer.ts";
import { ROOT } from "../../build/project.ts";

const SCRIPT = readFileSync(join(ROOT, "build", "packaging", "install.ps1"), "utf8");
const GRAMMAR = import.meta.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm");

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(fileURLToPath(GRAMMAR)));

function parse(script: string): Node {
  const tree = parser.parse(script);
  if (tree === null) throw new Error("the parser gave up");
  return tree.rootNode;
}

/** Statements at the top, which are what runs. */
function statements(script: string): string[] {
  const [list] = parse(script).namedChildren.filter((node) => node?.type === "statement_list");
  return (list?.namedChildren ?? []).flatMap((node) =>
    node === null || node.type === "comment" ? [] : [node.type],
  );
}

describe("install.ps1", () => {
  test("is PowerShell: one function, and the one call of it", () => {
    expect(parse(SCRIPT).hasError).toBe(false);
    expect(statements(SCRIPT)).toEqual(["function_statement", "try_statement"]);
    expect(parse(SCRIPT.replace("try {", "try ")).hasError).toBe(true);
  });

  test("is in ASCII, which Windows PowerShell reads in every encoding", () => {
    expect(Buffer.from(SCRIPT).filter((byte) => byte > 126)).toHaveLength(0);
  });

  test("does nothing when its end is missing", () => {
    const call = SCRIPT.lastIndexOf("  Install-Qwen @args");
    for (let length = 200; length < call; length += 397) {
      const root = parse(SCRIPT.slice(0, length));
      const isWhole = !root.hasError;
      const ran = isWhole ? statements(SCRIPT.slice(0, length)) : [];
      expect([length, ran.filter((type) => type !== "function_statement")]).toEqual([length, []]);
    }
  });

  test("is stamped as install.sh is", () => {
    const stamp = { repository: "o/n", version: "1.2.3", sums: "aa  b\ncc  d\n" };
    const stamped = stampInstaller(SCRIPT, stamp, "install.ps1");
    expect(stamped).toContain("\n  $QwenDefaultRepo = 'o/n'\n");
    expect(stamped).toContain("\n  $QwenDefaultVersion = '1.2.3'\n");
    expect(stamped).toContain("\n  $QwenDefaultSums = 'aa  b\ncc  d'\n");
    expect(parse(stamped).hasError).toBe(false);
  });

  test("checks the digest before it unpacks, and starts the new binary before it replaces one", () => {
    const order = [
      "Get-FileHash -Algorithm SHA256",
      'Stop-Install 5 "checksum mismatch',
      "Expand-Program $file $staged",
      "& $staged --version",
      "Move-Item -LiteralPath $staged",
    ];
    const places = order.map((part) => SCRIPT.lastIndexOf(part));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places[0]).toBeGreaterThan(0);
    expect(SCRIPT).not.toMatch(
      /Expand-Archive|SkipCertificateCheck|ServerCertificateValidation|Invoke-Expression/,
    );
  });

  test("knows the variables and exit codes of install.sh", () => {
    const shell = readFileSync(join(ROOT, "install.sh"), "utf8");
    const names = new Set(SCRIPT.match(/QWEN_(?:NO_)?(?:INSTALL|MODIFY)\w+/g));
    names.delete("QWEN_INSTALL_TOLD");
    expect([...names].filter((name) => !shell.includes(name))).toEqual([]);
    const codes = new Set([...SCRIPT.matchAll(/Stop-Install (\d+)/g)].map(([, code]) => code));
    const told = /Exit codes: ([\s\S]*?)\.\n/.exec(SCRIPT)?.[1] ?? "";
    expect([...codes].filter((code) => !new RegExp(`\\b${code} `).test(told))).toEqual([]);
  });
});
