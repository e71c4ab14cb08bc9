import { expect } from "bun:test";
import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { found } from "../../support/canary.ts";
import { type Machine, machine, type Ran } from "../../support/qwen.ts";
import { pathsBelow } from "../../support/snapshot.ts";

export const ENTRY = { id: "gpt-4o", baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" };
export const SETTINGS = {
  $version: 4,
  modelProviders: { openai: [ENTRY] },
  model: { name: "gpt-4o" },
  security: { auth: { selectedType: "openai" } },
};
/** Nobody listens there. */
export const DEAD = "http://127.0.0.1:9";

/** What is said without `--debug` is said with it, which a test of its own holds. */
const VARIANTS: readonly string[][] = [["--debug"], ["--json"]];

/** Each of the commands in every variant. */
export const runs = (commands: readonly string[][]) =>
  commands.flatMap((args) => VARIANTS.map((variant) => [...args, ...variant]));
/** A machine whose temporary directory is its own, so that nothing left there is missed. */
export function watched(): Machine {
  const at = machine();
  const temporary = join(at.home, "tmp");
  mkdirSync(temporary);
  at.write("system/settings.json", { model: { generationConfig: { maxRetries: 0 } } });
  const more = { TMPDIR: temporary, XDG_CACHE_HOME: join(at.home, "cache") };
  // Whatever wants to leave the machine is refused at once.
  const nowhere = { HTTPS_PROXY: DEAD, NO_PROXY: "127.0.0.1", QWEN_OAUTH_BASE_URL: DEAD };
  return { ...at, env: { ...at.env, ...more, ...nowhere } };
}

/** Files below the home that hold a spelling of the key. */
export function filesWith(at: Machine, key: string): string[] {
  return pathsBelow(at.home)
    .filter((path) => lstatSync(path).isFile())
    .filter((path) => found(readFileSync(path, "latin1"), key).length > 0)
    .map((path) => path.slice(at.home.length + 1));
}

/** Neither stream shows a spelling of the key. */
export function expectSilent(args: readonly string[], ran: Ran, key: string): void {
  expect({ args, leaks: found(ran.stdout, key), stream: "stdout" }).toEqual({
    args,
    leaks: [],
    stream: "stdout",
  });
  expect({ args, leaks: found(ran.stderr, key), stream: "stderr" }).toEqual({
    args,
    leaks: [],
    stream: "stderr",
  });
}
