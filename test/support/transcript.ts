import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TABLES } from "../../src/cli/commands.ts";
import { dispatch } from "../../src/cli/dispatch.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import type { Runtime } from "../../src/runtime.ts";
import { setUp } from "../connect/set-up.ts";
import type { FakeRuntime } from "./fake-runtime.ts";

type Given = Parameters<typeof setUp>[0] & {
  /** What of the machine is another. */
  readonly runtime?: Partial<Runtime> | ((runtime: FakeRuntime) => Partial<Runtime>);
};

/**
 * What a command does on a machine, as one reads it: its exit code where it is not 0, what it writes
 * where, and the files that are others behind it. Home is `~`, as a shell has it, and no time is told.
 */
export async function transcript(
  line: string | readonly string[],
  { runtime: more = {}, ...given }: Given = {},
): Promise<string> {
  const words = typeof line === "string" ? line.split(" ").filter((word) => word !== "") : line;
  const { runtime, home } = setUp({ env: { QWEN_OFFLINE: "1", ...given.env }, ...given });
  const argv = words.map((word) => word.replace(/^~(?=\/)/, home));
  const changed = typeof more === "function" ? more(runtime) : more;
  const before = filesBelow(home);
  const code = await dispatch({ ...runtime, ...changed }, await parseArguments(argv, TABLES));
  const { stdout, stderr } = runtime.written;
  const written = [...filesBelow(home)].filter(([path, text]) => before.get(path) !== text);
  const gone = [...before.keys()].filter((path) => !filesBelow(home).has(path));
  const parts = [
    ...(code === 0 ? [] : [`exit ${code}`]),
    ...(stdout === "" ? [] : [stdout.trimEnd()]),
    ...(stderr === "" ? [] : [`stderr:\n${stderr.trimEnd()}`]),
    ...written.map(([path, text]) => `~/${path}:\n${text.trimEnd()}`),
    ...gone.map((path) => `~/${path} is gone`),
  ];
  return `\n${parts.join("\n")}\n`
    .replaceAll(home, "~")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replace(/"at":\d+/g, '"at":0')
    .replace(/"duration_ms":\d+/g, '"duration_ms":0')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "<id>");
}

/** Texts below a directory by their paths, but for locks. */
function filesBelow(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => file.isFile() && !file.name.endsWith(".lock"))
      .map((file) => join(file.parentPath, file.name))
      .map((path) => [path.slice(directory.length + 1), readFileSync(path, "utf8")] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
