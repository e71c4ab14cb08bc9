import { expect, test } from "bun:test";
import { gitCommand } from "../../src/lib/git-command.ts";

test("gitCommand() runs nothing that a repository configures", () => {
  expect(gitCommand("status", "-z")).toEqual([
    "git",
    "-c",
    "core.fsmonitor=",
    "-c",
    "core.hooksPath=/dev/null",
    "status",
    "-z",
  ]);
});
