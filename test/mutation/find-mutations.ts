import { parseSync } from "oxc-parser";

/** A change in one place that a test should notice. */
export type Mutation = {
  /** Below the root: `src/lib/closest.ts`. */
  readonly file: string;
  readonly line: number;
  /** What is changed: `condition`, `operator`, … */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
};

type Node = { readonly type: string; readonly start: number; readonly end: number };
type Change = Pick<Mutation, "kind" | "start" | "end" | "replacement">;

const OPERATORS: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "&&": "||",
  "||": "&&",
};

/** Types and names change nothing that runs; what stands in these does. */
const RUNS = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

/** Every change of a file that is tried, in the order of the text. */
export function findMutations(file: string, text: string): readonly Mutation[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) {
    throw new Error(`Cannot parse \`${file}\`: ${errors[0]?.message}`);
  }
  const changes: Change[] = [];
  visit(program, (node) => changes.push(...changesOf(node, text)));
  return changes
    .map((change) => ({ file, line: text.slice(0, change.start).split("\n").length, ...change }))
    .sort((left, right) => left.start - right.start || left.end - right.end);
}

/** The text with one of its mutations. */
export function mutate(text: string, { start, end, replacement }: Mutation): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      visit(item, see);
    }
  } else if (isNode(value)) {
    const isType = value.type.startsWith("TS") && !RUNS.has(value.type);
    if (isType || value.type === "ImportDeclaration") {
      return;
    }
    see(value);
    visit(Object.values(value), see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function changesOf(node: Node, text: string): Change[] {
  const { start, end } = node;
  const source = text.slice(start, end);
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
      return operatorChanges(node, text);
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
      return conditionChanges(node, text);
    case "UnaryExpression":
      return field(node, "operator") === "!"
        ? [{ kind: "negation", start, end, replacement: source.slice(1) }]
        : [];
    case "Literal":
      return literalChanges(node);
    case "ExpressionStatement":
      return isCall(part(node, "expression"))
        ? [{ kind: "call", start, end, replacement: ";" }]
        : [];
    case "SpreadElement":
      return [{ kind: "spread", start, end, replacement: "...[]" }];
    default:
      return [];
  }
}

/** `a ?? b` becomes `a`; every other operator its neighbour. */
function operatorChanges(node: Node, text: string): Change[] {
  const [left, right] = [part(node, "left"), part(node, "right")];
  const operator = field(node, "operator");
  if (left === undefined || right === undefined || typeof operator !== "string") {
    return [];
  }
  if (operator === "??") {
    return [{ kind: "default", start: left.end, end: right.end, replacement: "" }];
  }
  const replacement = OPERATORS[operator];
  const at = text.indexOf(operator, left.end);
  return replacement === undefined
    ? []
    : [{ kind: "operator", start: at, end: at + operator.length, replacement }];
}

function conditionChanges(node: Node, text: string): Change[] {
  const test = part(node, "test");
  return test === undefined
    ? []
    : [
        {
          kind: "condition",
          start: test.start,
          end: test.end,
          replacement: `!(${text.slice(test.start, test.end)})`,
        },
      ];
}

function literalChanges(node: Node): Change[] {
  const value = field(node, "value");
  const { start, end } = node;
  if (typeof value === "boolean") {
    return [{ kind: "boolean", start, end, replacement: String(!value) }];
  }
  return typeof value === "number"
    ? [{ kind: "number", start, end, replacement: String(value + 1) }]
    : [];
}

function isCall(node: Node | undefined): boolean {
  const inner = node?.type === "AwaitExpression" ? part(node, "argument") : node;
  return inner?.type === "CallExpression";
}

function field(node: Node, name: string): unknown {
  return Object.entries(node).find(([key]) => key === name)?.[1];
}

function part(node: Node, name: string): Node | undefined {
  const value = field(node, name);
  return isNode(value) ? value : undefined;
}
