import { DISCONTINUED_ON } from "../../auth/oauth/discontinued.ts";
import { type ExitCode, UsageError } from "../../errors.ts";
import { type LoginOptions, toLoginOptions } from "../../flags/login-flags.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { askApiKey } from "../../prompts/ask-api-key.ts";
import { askCodingPlan } from "../../prompts/ask-coding-plan.ts";
import { answered } from "../../prompts/ask-steps.ts";
import { canPrompt, whyNotAsked } from "../../prompts/can-prompt.ts";
import type { CheckedLogin } from "../../prompts/check-typed-key.ts";
import type { Answer, Runtime } from "../../runtime.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { settingsPath } from "../../settings/paths.ts";
import { chooseStyle } from "../../terminal/style.ts";
import type { Command } from "../command.ts";
import { finishLogin } from "../login/finish-login.ts";

export const menuCommand: Command<LoginOptions> = {
  details: ["Asks for a method, then for what it needs. For scripts, use the commands below."],
  examples: ["qwen auth"],
  toOptions: toLoginOptions,
  run: runMenu,
};

type Method = "coding-plan" | "api-key" | "qwen-oauth";

const METHODS: readonly { value: Method; label: string; description: string }[] = [
  {
    value: "coding-plan",
    label: "Alibaba Cloud Coding Plan",
    description: "Paid · Up to 6,000 requests/5 hrs · All Alibaba Cloud Coding Plan Models",
  },
  { value: "api-key", label: "API Key", description: "Bring your own API key" },
  {
    value: "qwen-oauth",
    label: "Qwen OAuth",
    description: "Discontinued — switch to Coding Plan or API Key",
  },
];

/** The menu of methods (`spec/cli.md`, "The menu"): ask, one write, one report. */
export async function runMenu(runtime: Runtime, options: LoginOptions): Promise<ExitCode> {
  if (!(await canPrompt(runtime, options))) {
    throw new UsageError(
      `Cannot ask for an authentication method: ${whyNotAsked(runtime, options)}`,
      {
        code: "missing-input",
        hint: "run `qwen auth coding-plan --help` or `qwen auth api-key --help` for the flags",
      },
    );
  }
  return finishLogin(runtime, options, answered(await askForLogin(runtime, options)));
}

/** Leads through the menu to a login; Esc in a method returns to the menu. */
async function askForLogin(runtime: Runtime, options: LoginOptions): Promise<Answer<CheckedLogin>> {
  const current = await readRawSettings(settingsPath(runtime, options.scope));
  let method: Method = "coding-plan";
  for (;;) {
    const chosen: Answer<Method> = await runtime.prompter.select({
      message: "Select authentication method:",
      choices: METHODS,
      initial: method,
    });
    if (chosen.kind !== "value") {
      return chosen;
    }
    method = chosen.value;
    const login =
      method === "qwen-oauth"
        ? await refuseQwenOauth(runtime, options)
        : await ask(runtime, options, { method, current });
    if (login.kind !== "back") {
      return login;
    }
  }
}

function ask(
  runtime: Runtime,
  options: LoginOptions,
  { method, current }: { method: "coding-plan" | "api-key"; current: JsonObject },
): Promise<Answer<CheckedLogin>> {
  const nothing = { endpoint: undefined, autoRegion: false, models: undefined };
  if (method === "coding-plan") {
    return askCodingPlan(runtime, { ...options, ...nothing, model: undefined });
  }
  const open = { provider: undefined, protocol: undefined, envKey: undefined, label: undefined };
  return askApiKey(runtime, { ...options, ...nothing, ...open, noKey: false }, current);
}

/** The menu never starts it (`spec/qwen-oauth.md`). */
async function refuseQwenOauth(runtime: Runtime, { color }: LoginOptions): Promise<Answer<never>> {
  const style = await chooseStyle(runtime, runtime.stderr, color);
  await runtime.stderr.write(
    `\n${style.yellow("⚠")} Qwen OAuth's free tier was discontinued on ${DISCONTINUED_ON}; please select another method\n\n`,
  );
  return { kind: "back" };
}
