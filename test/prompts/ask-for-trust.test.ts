import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Connection, loadConnection } from "../../src/connect/load-connection.ts";
import { AuthError, type QwenError } from "../../src/errors.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";
import { askForTrust } from "../../src/prompts/ask-for-trust.ts";
import type { Answer } from "../../src/runtime.ts";
import { readTrustRules } from "../../src/trust/trusted-folders.ts";
import { type FakeRuntime, fakeRuntime } from "../support/fake-runtime.ts";

const PROBLEM: QwenError = new AuthError("Cannot send the key to \u001bhost: it is withheld", {
  code: "key-withheld",
});

/** A connection of the machine whose key would go to a project in this folder. */
async function withheld(runtime: FakeRuntime, folder?: string): Promise<Connection> {
  const { configuration, resolution } = await loadConnection(runtime, toGlobals({}));
  return { configuration, resolution: { ...resolution, trustFolder: folder } };
}

/** Asks about a folder with a person who answers so. */
async function ask(answer: Answer<string>) {
  const runtime = fakeRuntime({ answers: [answer] });
  const folder = join(runtime.home, "repo");
  mkdirSync(folder);
  const connection = await withheld(runtime, folder);
  const rulesOf = () => readTrustRules(join(runtime.home, ".qwen/trustedFolders.json"));
  return { runtime, folder, rulesOf, changed: askForTrust(runtime, PROBLEM, connection) };
}

describe("askForTrust()", () => {
  test("keeps that a folder is trusted, and changes nothing else", async () => {
    const { runtime, folder, rulesOf, changed } = await ask({ kind: "value", value: "trust" });
    expect(await changed).toEqual({});
    expect(await rulesOf()).toEqual({ [realpathSync(folder)]: "TRUST_FOLDER" });
    expect(runtime.written.stderr).toBe("Cannot send the key to \\x1bhost: it is withheld\n");
    expect(runtime.asked).toEqual(["What do you want to do?"]);
  });

  test("keeps nothing of a session without the project's files", async () => {
    const { runtime, changed } = await ask({ kind: "value", value: "own" });
    expect(await changed).toEqual({ noProject: true });
    expect(existsSync(join(runtime.home, ".qwen"))).toBe(false);
  });

  const left: readonly (readonly [name: string, answer: Answer<string>])[] = [
    ["leaves", { kind: "value", value: "leave" }],
    ["presses Esc", { kind: "back" }],
    ["presses Ctrl+C", { kind: "cancelled" }],
  ];
  test.each(left)("ends when the person %s", async (_name, answer) => {
    const { runtime, changed } = await ask(answer);
    await expect(changed).rejects.toMatchObject({ name: "CancelledError", exitCode: 130 });
    expect(existsSync(join(runtime.home, ".qwen"))).toBe(false);
  });

  test("asks nothing when there is no folder to trust", async () => {
    const runtime = fakeRuntime();
    const connection = await withheld(runtime);
    await expect(askForTrust(runtime, PROBLEM, connection)).rejects.toBe(PROBLEM);
    expect([runtime.asked, runtime.written]).toEqual([[], { stdout: "", stderr: "" }]);
  });
});
