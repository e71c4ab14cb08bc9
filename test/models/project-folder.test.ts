import { describe, expect, test } from "bun:test";
import {
  holdsUsersPart,
  isUntrusted,
  projectFolder,
  projectParts,
  projectPartsWithin,
} from "../../src/models/project-folder.ts";
import type { SettingsLayer } from "../../src/settings/settings-layer.ts";
import type { Source } from "../../src/source.ts";
import { configuration, PATHS, settings, variableSource } from "./configuration.ts";

const URL_PATH = "modelProviders.openai[0].baseUrl";
const DOTENV = variableSource("HOST", "project");
const BELOW: Source = {
  kind: "settings",
  name: "env.HOST",
  path: "/repo/below/.qwen/settings.json",
  scope: "project",
  origin: "project",
};

/** User settings whose texts at these paths were filled in by these variables. */
function filled(
  projectPaths: Readonly<Record<string, readonly Source[]>>,
  { trusted = [], userPaths = [] }: { trusted?: readonly string[]; userPaths?: string[] } = {},
) {
  const given = configuration({ trusted });
  const layers = given.layers.map((layer): SettingsLayer => {
    const paths = layer.scope === "user" ? Object.entries(projectPaths) : [];
    return { ...layer, projectPaths: new Map(paths), userPaths: new Set(userPaths) };
  });
  return { ...given, layers };
}

test.each<[folder: string | undefined, source: Source]>([
  ["/repo", DOTENV],
  ["/repo", settings("project", "proxy")],
  ["/repo/below", BELOW],
  [undefined, settings("user", "proxy")],
  [undefined, { kind: "default", origin: "project" }],
])("projectFolder() is %p for %j", (folder, source) => {
  expect(projectFolder(source)).toBe(folder);
});

describe("projectParts() gives", () => {
  test("nothing for what is the user's", () => {
    expect(projectParts(filled({}), settings("user", URL_PATH))).toEqual([]);
  });

  test.each([DOTENV, BELOW])("a source of the project itself: %j", (source) => {
    expect(projectParts(filled({}), source)).toEqual([source]);
  });

  test("the variables that fill in a setting of the user's, also by way of another", () => {
    const env = settings("user", "env.BASE", "project");
    const given = filled({ [URL_PATH]: [env, BELOW], "env.BASE": [DOTENV] });
    expect(projectParts(given, settings("user", URL_PATH, "project"))).toEqual([DOTENV, BELOW]);
  });

  test("an end for variables that name each other", () => {
    const [a, b] = [settings("user", "env.A", "project"), settings("user", "env.B", "project")];
    const given = filled({ "env.A": [b], "env.B": [a, DOTENV] });
    expect(projectParts(given, a)).toEqual([DOTENV]);
  });
});

test("projectPartsWithin() gives what fills in anything inside a setting", () => {
  const at = "model.generationConfig.customHeaders";
  const given = filled({ [`${at}.x`]: [DOTENV], [`${at}["x-y"]`]: [BELOW], [`${at}s`]: [DOTENV] });
  expect(projectPartsWithin(given, settings("user", at))).toEqual([DOTENV, BELOW]);
});

test("holdsUsersPart() is for the user's settings, and for a project's with a user's variable", () => {
  const given = filled({}, { userPaths: ["model.x[0].y"] });
  expect(holdsUsersPart(given, settings("user", "model.z"))).toBe(true);
  expect(holdsUsersPart(given, settings("project", "model.x"))).toBe(true);
  expect(holdsUsersPart(given, settings("project", "model.z"))).toBe(false);
});

describe("isUntrusted() asks for the trust of", () => {
  const both = settings("user", URL_PATH, "project");
  test.each<[expected: boolean, trusted: readonly string[]]>([
    [false, ["/repo", "/repo/below"]],
    [true, ["/repo"]],
    [true, ["/repo/below"]],
    [true, ["/home/me", "/"]],
  ])("every folder that a part comes from: %p with %j", (expected, trusted) => {
    expect(isUntrusted(filled({ [URL_PATH]: [DOTENV, BELOW] }, { trusted }), both)).toBe(expected);
  });

  test("nobody for what is the user's", () => {
    expect(isUntrusted(filled({}), settings("user", "proxy"))).toBe(false);
    expect(PATHS.user).toStartWith("/home/me/");
  });
});
