import { expect, test } from "bun:test";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import { unlistedModel } from "../../../src/commands/session/unlisted-model.ts";
import { loadConnection } from "../../../src/connect/load-connection.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";
import { resolveEntry } from "../../../src/models/resolve-connection.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("a model that no entry has is asked with what belongs to the endpoint, and not to its model", async () => {
  const generationConfig = {
    timeout: 5000,
    customHeaders: { "X-Team": "a" },
    extra_body: { user: "alice" },
    samplingParams: { temperature: 1 },
    reasoning: { effort: "high" },
  };
  const runtime = fakeRuntime({ home: temporaryDirectory() });
  await Bun.write(
    `${runtime.home}/.qwen/settings.json`,
    JSON.stringify({
      modelProviders: {
        openai: [{ id: "a", baseUrl: "https://gw.example/v1", envKey: "A_KEY", generationConfig }],
      },
      env: { A_KEY: "sk-0123456789abcdef" },
      model: { name: "a" },
    }),
  );
  const connection = await loadConnection(runtime, toGlobals({}));
  const entry = unlistedModel(runtime, connection, "vendor/other");
  const resolved = entry && resolveEntry(connection.configuration, entry, CATALOGUE);
  expect(resolved).toMatchObject({
    state: "configured",
    model: { value: "vendor/other" },
    request: { timeoutMs: 5000, customHeaders: { "X-Team": "a" }, body: {} },
  });
  expect(resolved?.state === "configured" && resolved.request.body).toEqual({});
});
