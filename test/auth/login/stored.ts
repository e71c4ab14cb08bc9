import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDotenv } from "../../../src/env/parse-dotenv.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { memoryKeyring } from "../../support/memory-keyring.ts";
import { machine } from "../../support/qwen.ts";

type Files = Readonly<Record<string, string | object>>;

/** A machine with these files below its home, and these items in its keyring. */
export function stored(files: Files = {}, items: Readonly<Record<string, string>> = {}) {
  const at = machine();
  for (const [name, content] of Object.entries(files)) {
    at.write(name, content);
  }
  const { keyring, items: held } = memoryKeyring(items);
  const runtime = { ...fakeRuntime({ home: at.home, cwd: at.project }), keyring };
  const path = (name: string) => join(at.home, name);
  return {
    runtime,
    held,
    path,
    /** The files in `.qwen`. */
    names: () => (existsSync(path(".qwen")) ? readdirSync(path(".qwen")).sort() : []),
    text: (name: string) => readFileSync(path(name), "utf8"),
    json: (name: string): JsonObject => JSON.parse(readFileSync(path(name), "utf8")),
    dotenv: () => Object.fromEntries(parseDotenv(readFileSync(path(".qwen/.env"), "utf8"))),
  };
}

/** The keyring of nobody who could open it. */
export function lockedKeyring() {
  const refuse = async (): Promise<never> => {
    throw new Error("it is locked");
  };
  return { get: refuse, set: refuse, delete: refuse };
}
