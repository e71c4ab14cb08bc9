import { describe, expect, test } from "bun:test";
import { AuthError, ConfigError, UsageError } from "../../src/errors.ts";
import { placeOf, throwIfSteering, unknownEndpoint } from "../../src/models/connection-failures.ts";
import { flagSource } from "../../src/models/connection-flags.ts";
import type { ResolvedKey } from "../../src/models/resolution.ts";
import { settings, variableSource } from "./configuration.ts";

const SETTINGS = settings("user", "model.name");
const from = (source: typeof SETTINGS, value: string) => ({ value, source, shadowed: [] });
const STEERING = "../../v1/files";

describe("throwIfSteering()", () => {
  test("minds no model of another protocol, none at all, and none that is plain", () => {
    expect(() => {
      throwIfSteering("openai", from(SETTINGS, STEERING));
      throwIfSteering("gemini", undefined);
      throwIfSteering("gemini", from(SETTINGS, "gemini-3-pro"));
    }).not.toThrow();
  });

  const why = "its name would change where the request goes";
  const rest = { hint: "name a model as `qwen models --remote` lists it" };
  test("refuses one of the command line", () => {
    const refuse = () => throwIfSteering("gemini", from(flagSource("--model"), STEERING));
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(
      expect.objectContaining({
        message: `Cannot use the value of \`--model\`: ${why}`,
        code: "invalid-value",
        ...rest,
      }),
    );
  });

  test("refuses one of the settings", () => {
    const refuse = () => throwIfSteering("gemini", from(SETTINGS, STEERING));
    expect(refuse).toThrow(ConfigError);
    expect(refuse).toThrow(
      expect.objectContaining({
        message: `Cannot use the model "${STEERING}" of \`model.name\` in \`${SETTINGS.path}\`: ${why}`,
        code: "settings-invalid",
        ...rest,
      }),
    );
  });
});

describe("unknownEndpoint()", () => {
  const model = from(SETTINGS, "m");
  const present = {
    kind: "present",
    value: "sk-1",
    source: variableSource("OPENAI_API_KEY"),
    shadowed: [],
    envKey: "MY_KEY",
    scheme: "key",
  } as const;
  const told = (why: string, hint: string) => ({
    message: `Cannot tell where ${why}`,
    code: "endpoint-missing",
    hint,
    exitCode: 4,
  });
  const setIt = "set `OPENAI_BASE_URL` to the base URL of its service, or run `qwen auth`";

  test.each<[string, ResolvedKey]>([
    ["missing", { kind: "missing", envKeys: [], unresolved: [], hiddenIn: [] }],
    [
      "unusable",
      { kind: "unusable", reason: "", source: SETTINGS, shadowed: [], envKey: undefined },
    ],
  ])("says nothing of a key that is %s", (_what, key) => {
    expect(unknownEndpoint("openai", { misnamed: "OPENAI_API_BASE", model, key })).toBeUndefined();
  });

  test.each<[string, Parameters<typeof unknownEndpoint>[1], object]>([
    [
      "the variable of the key",
      { misnamed: undefined, model, key: present },
      told('`MY_KEY` belongs: no endpoint is configured for "m"', setIt),
    ],
    [
      "what the key's source is called",
      { misnamed: undefined, model, key: { ...present, envKey: undefined } },
      told('`OPENAI_API_KEY` belongs: no endpoint is configured for "m"', setIt),
    ],
    [
      "the variable that chose the model",
      { misnamed: undefined, model: from(variableSource("OPENAI_MODEL"), "m"), key: present },
      told('`MY_KEY` belongs: no endpoint is configured for "m" of `OPENAI_MODEL`', setIt),
    ],
    [
      "the variable of settings that chose it, with its file",
      {
        misnamed: undefined,
        model: from(settings("user", "env.OPENAI_MODEL"), "m"),
        key: present,
      },
      told(
        `\`MY_KEY\` belongs: no endpoint is configured for "m" of \`env.OPENAI_MODEL\` in \`${SETTINGS.path}\``,
        setIt,
      ),
    ],
    [
      "a variable of other programs that nothing reads",
      { misnamed: "OPENAI_API_BASE", model, key: present },
      told(
        "`MY_KEY` belongs: `OPENAI_API_BASE` names another endpoint than the public one, and only `OPENAI_BASE_URL` is read",
        "set `OPENAI_BASE_URL` as well, or unset `OPENAI_API_BASE`",
      ),
    ],
    [
      "the variable of an entry without a key",
      { misnamed: undefined, model, key: { kind: "keyless", envKey: "ITS_KEY" } },
      told('`ITS_KEY` belongs: no endpoint is configured for "m"', setIt),
    ],
  ])("names %s", (_what, homeless, expected) => {
    const error = unknownEndpoint("openai", homeless);
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject(expected);
  });
});

test("placeOf() names what is known of a place", () => {
  expect(
    [SETTINGS, variableSource("A"), { kind: "default", origin: "user" } as const].map(placeOf),
  ).toEqual([`\`model.name\` in \`${SETTINGS.path}\``, "`A`", ""]);
});
