import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import {
  checkConnection,
  checkVariables,
  checkWarnings,
  skipConnection,
} from "../../src/doctor/check-connection.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration } from "../models/configuration.ts";

const KEY = "sk-0123456789abcdefWXYZ";

function checksOf(given: Parameters<typeof configuration>[0]) {
  return checkConnection(resolveConnection(configuration(given), {}, CATALOGUE));
}

describe("checkConnection()", () => {
  const settings = {
    user: {
      modelProviders: {
        openai: [{ id: "glm-5", baseUrl: "https://api.example.com/v1", envKey: "MY_KEY" }],
      },
      model: { name: "glm-5" },
      security: { auth: { selectedType: "openai" } },
      env: { MY_KEY: "another-key-0123456789" },
    },
  };

  test("tells each value with its source and what it hides", () => {
    expect(checksOf({ settings, variables: { MY_KEY: KEY } })).toEqual([
      {
        id: "connection.protocol",
        status: "ok",
        summary: "openai from /home/me/.qwen/settings.json (security.auth.selectedType)",
      },
      {
        id: "connection.model",
        status: "ok",
        summary: "glm-5 from /home/me/.qwen/settings.json (model.name)",
      },
      {
        id: "connection.endpoint",
        status: "ok",
        summary:
          "https://api.example.com/v1 from /home/me/.qwen/settings.json " +
          "(modelProviders.openai[0].baseUrl)",
      },
      {
        id: "connection.key",
        status: "ok",
        summary: "sk-…WXYZ from shell variable MY_KEY",
        detail: ["hides /home/me/.qwen/settings.json (env.MY_KEY)"],
      },
      {
        id: "connection",
        status: "ok",
        summary: "glm-5 at api.example.com can be asked",
      },
    ]);
  });

  test("asks no key helper", () => {
    const user = { ...settings.user, env: {}, apiKeyHelper: { MY_KEY: "touch /nowhere" } };
    expect(checksOf({ settings: { user } }).slice(3)).toEqual([
      {
        id: "connection.key",
        status: "ok",
        summary:
          "not asked for, from key helper of /home/me/.qwen/settings.json (apiKeyHelper.MY_KEY)",
      },
      { id: "connection", status: "ok", summary: "glm-5 at api.example.com can be asked" },
    ]);
  });

  test("tells where what can be no key stands, and what it hides", () => {
    const checks = checksOf({ settings, variables: { MY_KEY: "two words" } });
    const [key] = checks.filter(({ summary }) => summary.startsWith("unusable"));
    expect(key).toMatchObject({
      summary: "unusable from shell variable MY_KEY",
      detail: ["hides /home/me/.qwen/settings.json (env.MY_KEY)"],
    });
  });

  test("fails, once, where a key is missing", () => {
    const checks = checksOf({ settings: { user: { ...settings.user, env: {} } } });
    expect(checks.slice(3)).toEqual([
      { id: "connection.key", status: "skipped", summary: "none (MY_KEY)" },
      {
        id: "connection",
        status: "failed",
        summary: "Cannot ask a model: no key: MY_KEY is not set",
        remedy: "run `export MY_KEY=YOUR_KEY`",
      },
    ]);
  });

  test("fails where nothing is configured", () => {
    expect(checksOf({}).map(({ id, status }) => `${id} ${status}`)).toEqual([
      "connection.protocol skipped",
      "connection.model skipped",
      "connection.endpoint skipped",
      "connection.key skipped",
      "connection failed",
    ]);
  });

  test("skips all where the configuration cannot be used", () => {
    const checks = skipConnection({ message: "Cannot use it", hint: "correct it" });
    const ids = ["variables", ...checksOf({}).map(({ id }) => id), "configuration"];
    expect(checks.map(({ id }) => id)).toEqual(ids);
    expect(checks.filter(({ status }) => status !== "skipped")).toEqual([
      { id: "connection", status: "failed", summary: "Cannot use it", remedy: "correct it" },
    ]);
    expect(new Set(skipConnection(undefined).map(({ status }) => status))).toEqual(
      new Set(["skipped"]),
    );
  });
});

test("checkVariables() names every variable whose file cannot be read", () => {
  expect(checkVariables([])).toEqual({
    id: "variables",
    status: "ok",
    summary: "no `NAME_FILE` names a file that is unusable",
  });
  const failures = ["a", "b"].map((message) => ({ message, hint: `unset ${message}` }));
  expect(checkVariables(failures)).toEqual({
    id: "variables",
    status: "warning",
    summary: "a",
    detail: ["b"],
    remedy: "unset a",
  });
});

test("checkWarnings() repeats nothing that was said", () => {
  expect(checkWarnings(["a"], ["a"])).toEqual({
    id: "configuration",
    status: "ok",
    summary: "nothing to warn of",
  });
  expect(checkWarnings(["a", "b", "c"], ["a"])).toEqual({
    id: "configuration",
    status: "warning",
    summary: "b",
    detail: ["c"],
  });
});
