import { describe, expect, test } from "bun:test";
import { serveCommand } from "../../../src/commands/auth/serve.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";
import { problemOf } from "../../support/problem-of.ts";

const options = (values: FlagValues) => serveCommand.toOptions(values, toGlobals({}));

describe("serveCommand.toOptions()", () => {
  const none = { allowHosts: [], listen: undefined, envFile: undefined, readyFd: undefined };
  test.each<[FlagValues, object]>([
    [{}, { ...none, json: false, modelRule: "replace" }],
    [
      { "allow-host": ["host.docker.internal", "[::1]", "a_b-1"] },
      { allowHosts: ["host.docker.internal", "[::1]", "a_b-1"] },
    ],
    [{ listen: "unix:a" }, { listen: "unix:a" }],
    [{ "env-file": "" }, { envFile: undefined }],
    [{ "env-file": "e" }, { envFile: "e" }],
    [{ "ready-fd": "2" }, { readyFd: 2 }],
    [{ "ready-fd": "999999" }, { readyFd: 999_999 }],
    [{ json: true }, { json: true }],
    [{ model: "m" }, { connection: expect.objectContaining({ model: "m" }) }],
  ])("turns %j into %j", (values, expected) => {
    expect(options(values)).toMatchObject(expected);
  });

  const host = {
    name: "UsageError",
    code: "invalid-value",
    message: "Cannot use `--allow-host`: it is no name of a host",
    hint: "write the name alone, such as `--allow-host host.docker.internal`",
  } as const;
  const descriptor = {
    ...host,
    message: "Cannot use `--ready-fd`: it is no number of a descriptor from 2 on",
    hint: "write `--ready-fd 3`",
  };
  test.each<[FlagValues, typeof host | typeof descriptor]>([
    ...["a:80", "http://a", "", "a b", "[::1", "[a.example/]"].map(
      (name): [FlagValues, typeof host] => [{ "allow-host": ["ok", name] }, host],
    ),
    ...["0", "1", "", "-2", "1000000", "3x", "2.5"].map((text): [FlagValues, typeof descriptor] => [
      { "ready-fd": text },
      descriptor,
    ]),
  ])("refuses %j", (values, expected) => {
    expect(problemOf(() => options(values))).toEqual(expected);
  });
});
