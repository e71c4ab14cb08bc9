import { expect, test } from "bun:test";
import { readHotRoute, STATUS, TOKEN } from "../../src/cli/hot-route.ts";
import { GLOBAL_FLAGS } from "../../src/flags/global-flags.ts";
import { readLine } from "../support/read-line.ts";

const lines = [STATUS, TOKEN].flatMap(({ words, flags }) => {
  const command = words.join(" ");
  const switches = Object.entries({ ...flags, ...GLOBAL_FLAGS }).flatMap(([name, { type }]) =>
    type === "boolean" ? `--${name}` : [],
  );
  return [
    command,
    ...switches.map((flag) => `${command} ${flag}`),
    `${command} ${switches.join(" ")} --json`,
  ];
});

test.each(lines)("readHotRoute() reads `%s` as the full way does", async (line) => {
  expect(readHotRoute(line.split(" "))).toEqual(await readLine(line));
});

test.each([
  "",
  "auth",
  "auth list",
  "auth whoami",
  "status",
  "auth status extra",
  "auth status -q",
  "auth status --help",
  "auth status --bogus",
  "auth status --constructor",
  "auth status --toString --json",
  "auth status --model",
  "auth status --model m",
  "auth status --json=true",
  "auth status --json=false",
  "auth status --",
  "auth status json",
  "auth token --verify",
  "-q auth status",
])("readHotRoute() leaves `%s` to the full way", (line) => {
  expect(readHotRoute(line.split(" "))).toBeUndefined();
});
