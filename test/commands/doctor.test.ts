import { expect, test } from "bun:test";
import { doctorCommand } from "../../src/commands/doctor.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";

test.each([
  [{}, { json: false, network: false, connection: {} }],
  [
    { json: true, network: true },
    { json: true, network: true },
  ],
  [
    { model: "glm-5", "auth-type": "openai", "openai-base-url": "https://x.test/v1" },
    { connection: { model: "glm-5", authType: "openai", baseUrl: "https://x.test/v1" } },
  ],
])("qwen doctor understands %j", (values, expected) => {
  expect<object>(doctorCommand.toOptions(values, toGlobals(values))).toMatchObject(expected);
});
