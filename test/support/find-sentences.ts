import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { parseSync } from "oxc-parser";

const SRC = join(import.meta.dir, "..", "..", "src");

/** A text that stands in the source, `{}` where something is put in. */
export type Sentence = {
  /** Below `src`. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
};

type Node = { readonly type: string; readonly start: number };

/** What is told to whoever looks for a fault, or breaks off as one: never translated. */
const FOR_DEVELOPERS = /(?:^|\W)(?:trace\??\.?\(|new Error\($)/;
/** Prose and commands of a help page, line by line. */
const OF_HELP_PAGES = new Set(["details", "examples"]);

/** All texts of `src` in words, in the order of the files. */
export function findSentences(): readonly Sentence[] {
  const files = [...new Glob("**/*.ts").scanSync(SRC)].sort();
  return files.filter((file) => !file.startsWith("words/")).flatMap(sentencesOf);
}

function sentencesOf(file: string): Sentence[] {
  const source = readFileSync(join(SRC, file), "utf8");
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) {
    throw new Error(`Cannot parse \`${file}\`: ${errors[0]?.message}`);
  }
  const found: Sentence[] = [];
  const see = (node: Node): boolean => {
    if (isPassedOver(node, source)) {
      return false;
    }
    const text = textOf(node);
    if (text !== undefined) {
      const line = source.slice(0, node.start).split("\n").length;
      found.push(...text.split("\n").map((each) => ({ file, line, text: each })));
    }
    return !(node.type === "BinaryExpression" && text !== undefined);
  };
  visit(program, see);
  return found;
}

function isPassedOver(node: Node, source: string): boolean {
  if (node.type.startsWith("TS") || node.type === "ImportDeclaration") {
    return node.type !== "TSAsExpression" && node.type !== "TSSatisfiesExpression";
  }
  if (node.type === "CallExpression" || node.type === "NewExpression") {
    const callee = source.slice(node.start, source.indexOf("(", node.start) + 1);
    return FOR_DEVELOPERS.test(callee);
  }
  const key: unknown = node.type === "Property" ? Reflect.get(node, "key") : undefined;
  return isNode(key) && OF_HELP_PAGES.has(String(Reflect.get(key, "name")));
}

/** The text of a literal, a template, or a sum of them. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) {
    return undefined;
  }
  if (node.type === "Literal") {
    const value: unknown = Reflect.get(node, "value");
    return typeof value === "string" ? value : undefined;
  }
  if (node.type === "TemplateLiteral") {
    const quasis: unknown = Reflect.get(node, "quasis");
    const parts = Array.isArray(quasis) ? quasis : [];
    return parts.map((quasi) => quasi.value.cooked).join("{}");
  }
  if (node.type === "BinaryExpression" && Reflect.get(node, "operator") === "+") {
    const [left, right] = [Reflect.get(node, "left"), Reflect.get(node, "right")].map(textOf);
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function visit(value: unknown, see: (node: Node) => boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      visit(item, see);
    }
  } else if (isNode(value) && see(value)) {
    for (const child of Object.values(value)) {
      visit(child, see);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
