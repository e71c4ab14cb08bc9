import { expect, test } from "bun:test";
import { pairKey } from "../../../src/models/entries/pair-key.ts";
import type { Complete } from "../../../src/models/resolution.ts";
import { configuration, settings, variableSource } from "../configuration.ts";

const HERE = "https://a.example/v1";
const ENTRY = { id: "m", baseUrl: HERE, envKey: "A_KEY" };
const KNOWN = { knownPairs: () => [{ envKey: "A_KEY", baseUrl: HERE }] };
const NONE = { knownPairs: () => [] };
const PROJECT = settings("project", "modelProviders.openai[0].baseUrl");

const key = (envKey: string | undefined, origin: "user" | "project" = "user"): Complete["key"] => ({
  kind: "present",
  value: "sk-1",
  source: variableSource(envKey ?? "x", origin),
  shadowed: [],
  envKey,
  scheme: "key",
});
const at = (source: Complete["endpoint"]["source"]) => ({ value: HERE, source, shadowed: [] });

type Row = readonly [
  string,
  scope: "user" | "project" | undefined,
  Complete["endpoint"]["source"] | undefined,
  Complete["key"],
  typeof NONE | typeof KNOWN,
  readonly string[],
  object,
];

const own = { projectSource: undefined, trustFolder: undefined };
const theirs = { projectSource: PROJECT, trustFolder: "/repo" };
const flag = { kind: "flag", name: "--openai-base-url", origin: "user" } as const;

test.each<Row>([
  [
    "the user's own",
    "user",
    undefined,
    key("A_KEY"),
    NONE,
    [],
    { pairing: { kind: "allowed" }, ...own },
  ],
  [
    "no entry at all",
    undefined,
    flag,
    key("A_KEY"),
    NONE,
    [],
    { pairing: { kind: "allowed" }, ...own },
  ],
  [
    "a project's endpoint",
    "project",
    undefined,
    key("A_KEY"),
    NONE,
    [],
    { pairing: { kind: "withheld" }, ...theirs },
  ],
  [
    "a project's key at a project's endpoint",
    "project",
    undefined,
    key("A_KEY", "project"),
    NONE,
    [],
    { pairing: { kind: "allowed" }, ...theirs },
  ],
  [
    "a project's endpoint that is known for the variable",
    "project",
    undefined,
    key("A_KEY"),
    KNOWN,
    [],
    { pairing: { kind: "known-pair" }, ...theirs },
  ],
  [
    "a project's endpoint in a trusted folder",
    "project",
    undefined,
    key("A_KEY"),
    NONE,
    ["/repo"],
    { pairing: { kind: "trusted" }, ...theirs },
  ],
  [
    "a project's choice of the key for an endpoint of the user's",
    "project",
    flag,
    key("A_KEY"),
    NONE,
    [],
    {
      pairing: { kind: "withheld" },
      projectSource: settings("project", "modelProviders.openai[0].envKey"),
      trustFolder: "/repo",
    },
  ],
  [
    "another key than the project's entry names",
    "project",
    flag,
    key("B_KEY"),
    NONE,
    [],
    { pairing: { kind: "allowed" }, ...own },
  ],
  [
    "a key of the command line",
    "project",
    flag,
    key(undefined),
    NONE,
    [],
    { pairing: { kind: "allowed" }, ...own },
  ],
  [
    "no key at a project's endpoint",
    "project",
    undefined,
    { kind: "keyless", envKey: undefined },
    NONE,
    [],
    { pairing: { kind: "allowed" }, projectSource: PROJECT, trustFolder: undefined },
  ],
])("pairKey() of %s", (_what, scope, source, present, catalogue, trusted, expected) => {
  const file = { modelProviders: { openai: [ENTRY] } };
  const known = configuration({
    settings: scope === undefined ? {} : { [scope]: file },
    trusted,
  });
  const [entry] = known.models.entries;
  const endpoint = at(source ?? entry?.sourceOf("baseUrl") ?? flag);
  expect(pairKey(known, catalogue, { endpoint, key: present, entry })).toEqual(expected as never);
});
