import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../src/cli/commands.ts";

const CONNECTION = "model auth-type openai-api-key openai-base-url account";
const KEY = "key-stdin key-file key-env key";
const LOGIN = "verify no-verify store scope force";
const BROKER = `${CONNECTION} anthropic-base-url allow-any-model strict-model max-requests max-tokens log`;

const FLAGS: Readonly<Record<string, string>> = {
  auth: LOGIN,
  "auth coding-plan": `region base-url model models ${KEY} account ${LOGIN} json`,
  "auth api-key": `provider region base-url protocol model no-key env-key name ${KEY} account ${LOGIN} json header timeout context-window extra-body anthropic-base-url`,
  "auth qwen-oauth": "force no-browser json",
  "auth status": `json verify show-token ${CONNECTION}`,
  "auth list": "json verify",
  "auth switch": "scope json",
  "auth set-key": `${KEY} json`,
  "auth logout": "provider account all scope json",
  "auth export": "provider with-keys output",
  "auth import": `${KEY} dry-run replace yes json`,
  "auth token": `json ${CONNECTION}`,
  "auth env": `shell ${CONNECTION}`,
  "auth run": `${BROKER} recipe keep summary no-summary no-broker dry-run`,
  "auth serve": `${BROKER} listen allow-host env-file ready-fd json`,
  models: `json remote update provider dry-run ${CONNECTION}`,
  trust: "parent distrust revoke list force json",
  doctor: `json all network ${CONNECTION}`,
  completion: "",
  upgrade: "run json",
  version: "json",
};

describe("COMMANDS have, beside the flags of all,", () => {
  test.each(COMMANDS.map((entry) => [entry.words.join(" "), entry] as const))(
    "those of `%s`",
    (words, { flags }) => {
      expect(Object.keys(flags).join(" ")).toBe(FLAGS[words] ?? "no such command");
    },
  );

  test("and no others", () => {
    expect(COMMANDS.map(({ words }) => words.join(" "))).toEqual(Object.keys(FLAGS));
  });
});
