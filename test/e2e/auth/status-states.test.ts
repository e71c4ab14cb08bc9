import { describe, expect, test } from "bun:test";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

/**
 * Every set-up that `auth status` of older releases was recorded in. Where those guessed from the
 * keys that exist, ours is decided from the model that would be used (`spec/cli.md`).
 */
const FIXTURE = join(import.meta.dir, "..", "..", "fixtures", "status", "status-states.md");

/** What a person leaves the command with; absent where there is nothing to say. */
type Summary = {
  readonly exitCode: 0 | 4;
  readonly method: string;
  readonly state: "configured" | "incomplete" | "none";
  readonly hasKey: boolean;
  readonly provider?: string;
  readonly region?: string;
  readonly model?: string;
};

/** A file that cannot be used: the error object, and what its text must say. */
type Refusal = { readonly exitCode: 3; readonly code: string; readonly says: readonly string[] };

const NOTHING: Summary = { exitCode: 4, method: "none", state: "none", hasKey: false };

const CODING_PLAN: Summary = {
  exitCode: 0,
  method: "coding-plan",
  state: "configured",
  hasKey: true,
  provider: "coding-plan",
  region: "china",
  model: "qwen3-coder-plus",
};

const STANDARD: Summary = {
  exitCode: 0,
  method: "standard-api-key",
  state: "configured",
  hasKey: true,
  provider: "modelstudio",
  region: "cn-beijing",
  model: "qwen3.5-plus",
};

const OPENAI: Summary = {
  exitCode: 0,
  method: "api-key",
  state: "configured",
  hasKey: true,
  provider: "openai",
  model: "gpt-4o",
};

const CUSTOM: Summary = { ...OPENAI, provider: "custom", model: "m" };

const OPENROUTER: Summary = { ...OPENAI, provider: "openrouter", model: "z-ai/glm-4.5-air:free" };

/** A selected type and nothing else: something was begun, so it is not "none". */
/** Without a model there is no endpoint that a key could go to, and so no provider. */
const OPENAI_WITHOUT_MODEL: Summary = {
  exitCode: 4,
  method: "api-key",
  state: "incomplete",
  hasKey: false,
};

const GEMINI_WITHOUT_KEY: Summary = { ...OPENAI_WITHOUT_MODEL, provider: "gemini" };

function withoutKey(summary: Summary): Summary {
  return { ...summary, exitCode: 4, state: "incomplete", hasKey: false };
}

const EXPECTED: Readonly<Record<string, Summary | Refusal>> = {
  none: NOTHING,
  "empty-object": NOTHING,
  "none-but-openai-env": CUSTOM,
  oauth: {
    exitCode: 4,
    method: "qwen-oauth",
    state: "incomplete",
    hasKey: false,
    provider: "qwen-oauth",
  },
  "cp-china": CODING_PLAN,
  "cp-china-only-baseurl-no-meta": CODING_PLAN,
  "cp-global": { ...CODING_PLAN, region: "global" },
  // The URL is what a request goes to; `codingPlan.region` is a note beside it.
  "cp-meta-mismatch(global meta, china url)": CODING_PLAN,
  "cp-incomplete": withoutKey(CODING_PLAN),
  "cp-key-in-shell": CODING_PLAN,
  "cp-key-empty-string": withoutKey(CODING_PLAN),
  std: STANDARD,
  "std-incomplete": withoutKey(STANDARD),
  "generic-key": OPENAI,
  "generic-nokey": withoutKey(OPENAI),
  "generic-key-shell": OPENAI,
  // An entry on a private endpoint without an applicable key needs none.
  "generic-no-envkey-model": { ...CUSTOM, hasKey: false },
  "generic-no-envkey-model-with-OPENAI": { ...CUSTOM, hasKey: false },
  "generic-legacy-security-apikey": { ...CUSTOM, model: "lm" },
  // A key and an endpoint, but no model: a request cannot be made.
  "generic-legacy-openai-env": {
    exitCode: 4,
    method: "api-key",
    state: "incomplete",
    hasKey: true,
    provider: "custom",
  },
  "openai-nothing": OPENAI_WITHOUT_MODEL,
  "legacy-cp-key-only": { ...CODING_PLAN, model: "qwen3.5-plus" },
  "legacy-cp-meta-only": withoutKey({ ...CODING_PLAN, region: "global", model: "qwen3.5-plus" }),
  "legacy-cp-meta-with-modelname": withoutKey({ ...CODING_PLAN, region: "global" }),
  "model-not-in-providers": {
    exitCode: 3,
    code: "unknown-model",
    says: ["other", ".qwen/settings.json", "qwen3.5-plus"],
  },
  "no-model-name": STANDARD,
  openrouter: OPENROUTER,
  "openrouter-incomplete": withoutKey(OPENROUTER),
  anthropic: withoutKey({ ...OPENAI, provider: "anthropic", model: "claude-sonnet-4" }),
  gemini: GEMINI_WITHOUT_KEY,
  vertex: {
    exitCode: 3,
    code: "unsupported",
    says: ["vertex-ai", "not supported here", ".qwen/settings.json"],
  },
  "unknown-type": {
    exitCode: 3,
    code: "unknown-auth-type",
    says: ["banana", ".qwen/settings.json", "openai", "anthropic", "gemini", "qwen-oauth"],
  },
  "providerMetadata(0.15.10 style)": { ...CODING_PLAN, region: "global" },
  malformed: {
    exitCode: 3,
    code: "settings-invalid",
    says: [".qwen/settings.json", "line 1", "column"],
  },
  array: {
    exitCode: 3,
    code: "settings-invalid",
    says: [".qwen/settings.json", "line 1", "column 1", "object"],
  },
  comments: GEMINI_WITHOUT_KEY,
  "comments-notrailing": GEMINI_WITHOUT_KEY,
  "v1-legacy-selectedAuthType": OPENAI_WITHOUT_MODEL,
  "dotenv-project": OPENAI,
  "dotenv-project-qwen": OPENAI,
  "dotenv-home": OPENAI,
  "dotenv-home-qwen": OPENAI,
  "workspace-settings": OPENAI,
  // An unknown `$MYKEY` is left as it is; as a key it would only be rejected, so none is set.
  "env-var-interp": withoutKey(OPENAI),
  "QWEN_OAUTH-env": NOTHING,
};

const STATES = parseStates(readFileSync(FIXTURE, "utf8"));

test("the table has every state of the fixture and no other", () => {
  expect(Object.keys(EXPECTED)).toEqual(STATES.map(({ name }) => name));
  expect(STATES).toHaveLength(45);
});

describe("`auth status` tells the truth about, and leaves alone, the state", () => {
  for (const state of STATES) {
    test(state.name, async () => {
      const place = prepare(state);
      const before = snapshot(place.home);

      const json = await qwen(place, ["auth", "status", "--json"], { env: state.environment });
      const text = await qwen(place, ["auth", "status"], { env: state.environment });

      const expected = EXPECTED[state.name];
      if (expected === undefined) {
        throw new Error(`Cannot find "${state.name}" in the table`);
      }
      if (expected.exitCode === 3) {
        expectRefusal(json.stdout, expected, place);
        expect(text.stdout).toBe("");
        for (const part of expected.says) {
          expect(text.stderr).toContain(part);
        }
      } else {
        expect(summarize(json.stdout, json.exitCode)).toEqual(expected);
        expect(text.stdout).toContain(expected.exitCode === 0 ? "✓" : "⚠");
      }
      expect([json.exitCode, text.exitCode]).toEqual([expected.exitCode, expected.exitCode]);
      expect(snapshot(place.home)).toEqual(before);
    });
  }
});

function summarize(stdout: string, exitCode: number): unknown {
  const { loggedIn, method, state, provider, region, model, key } = JSON.parse(stdout);
  expect(loggedIn).toBe(exitCode === 0);
  return {
    exitCode,
    method,
    state,
    hasKey: key.present,
    ...(provider === undefined ? {} : { provider }),
    ...(region === undefined ? {} : { region }),
    ...(model === undefined ? {} : { model: model.id }),
  };
}

function expectRefusal(stdout: string, { exitCode, code, says }: Refusal, place: Machine): void {
  const { error, ...rest } = JSON.parse(stdout);
  expect(rest).toEqual({});
  expect({ exitCode: error.exitCode, code: error.code }).toEqual({ exitCode, code });
  expect(error.message).toStartWith("Cannot ");
  expect(error.message).toContain(place.settings);
  for (const part of says) {
    expect(`${error.message}\n${error.hint}`).toContain(part);
  }
}

type State = {
  readonly name: string;
  /** The text of `~/.qwen/settings.json`, where there is one. */
  readonly settings: string | undefined;
  readonly environment: Record<string, string>;
  /** Further files by their path below home. */
  readonly files: ReadonlyMap<string, string>;
};

function prepare({ settings, files }: State): Machine {
  const place = machine();
  if (settings !== undefined) {
    place.write(".qwen/settings.json", settings);
  }
  for (const [path, content] of files) {
    place.write(path, content);
  }
  return place;
}

/** One state a heading; throws where the page is written in a way that is not understood. */
function parseStates(page: string): State[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [name = "", ...lines] = section.split("\n");
      const input = lines.slice(
        0,
        lines.findIndex((line) => line.startsWith("**")),
      );
      return {
        name,
        settings: parseSettings(name, input),
        environment: Object.fromEntries(
          listed(input, "environment").map((assignment) => {
            const [variable = "", ...value] = assignment.split("=");
            return [variable, value.join("=")];
          }),
        ),
        files: new Map(filesOf(input)),
      };
    });
}

function parseSettings(name: string, input: readonly string[]): string | undefined {
  const index = input.findIndex((line) => line.startsWith("settings in:"));
  const rest = input[index]?.slice("settings in:".length).trim();
  if (rest === "none") {
    return undefined;
  }
  if (rest === "") {
    const block = input.slice(index + 2);
    return `${block.slice(0, block.indexOf("```")).join("\n")}\n`;
  }
  const [, settings] = /^`(.+)`$/.exec(rest ?? "") ?? [];
  if (settings === undefined) {
    throw new Error(`Cannot understand the settings of the state "${name}"`);
  }
  return settings;
}

/** What stands between backticks on the line of that label. */
function listed(input: readonly string[], label: string): string[] {
  const line = input.find((candidate) => candidate.startsWith(`${label}:`)) ?? "";
  return [...line.matchAll(/`([^`]*)`/g)].map(([, text = ""]) => text);
}

/** The line has path and content in turns: `p/.env` = `NAME=value\n`. */
function filesOf(input: readonly string[]): [path: string, content: string][] {
  const parts = listed(input, "files");
  return parts.flatMap((path, index): [string, string][] =>
    index % 2 === 0 ? [[path, (parts[index + 1] ?? "").replaceAll("\\n", "\n")]] : [],
  );
}

/** Everything below a directory; the times show a file that came and went, or was rewritten. */
function snapshot(root: string): Record<string, unknown> {
  const entries = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    ["", ...entries].map((path) => {
      const target = join(root, path);
      const { mode, ino, mtimeMs } = lstatSync(target);
      return [path, { mode: mode.toString(8), ino, mtimeMs, content: contentOf(target) }];
    }),
  );
}

function contentOf(path: string): string | undefined {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) {
    return `link to ${readlinkSync(path)}`;
  }
  return stats.isFile() ? readFileSync(path, "utf8") : undefined;
}
