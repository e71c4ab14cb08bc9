import { expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

/** The pairing rule of `spec/trust-and-secrets.md`, as `auth status` shows it. */
export const USER = ".qwen/settings.json";

export const PROJECT = "p/.qwen/settings.json";

export const EVIL = "https://evil.example/v1";

export const MINE = "https://mine.example/v1";

/** The user's secret: no output may have it. */
export const SECRET = "sk-canary-0123456789abcdefghij";

type Files = Readonly<Record<string, string | object>>;

export type SetUp = {
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Below home; the project by default. */
  readonly cwd?: string;
};

/** A repository's settings name an endpoint, the shell has the key. */
export const WITHHELD: SetUp = {
  files: { [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }) },
  env: { MY_KEY: SECRET },
};

export function prepare({ files = {}, cwd = "p" }: SetUp): Machine {
  const place = machine();
  mkdirSync(join(place.home, cwd), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    place.write(path, content);
  }
  return place;
}

export type Seen = {
  readonly exitCode: number;
  readonly state: string;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  /** Name and origin of the source. */
  readonly key: string;
  readonly masked: string | undefined;
  readonly trust: object;
  readonly dotenv: object;
  readonly scopes: readonly string[];
  readonly warnings: readonly string[];
};

export async function look(place: Machine, setUp: SetUp): Promise<Seen> {
  const { exitCode, stdout } = await status(place, {
    ...setUp,
    args: ["--json", ...(setUp.args ?? [])],
  });
  const { state, model, baseUrl, key, trust, dotenv, settings, warnings } = JSON.parse(stdout);
  return {
    exitCode,
    state,
    model: model?.id,
    baseUrl: baseUrl?.value,
    key: key.present ? `${key.source.name} ${key.source.origin}` : "none",
    masked: key.masked,
    trust,
    dotenv,
    scopes: settings.map(({ scope }: { scope: string }) => scope),
    warnings,
  };
}

/** Runs `auth status`; the user's key never shows, whatever comes of it. */
export async function status(
  place: Machine,
  { env = {}, args = [], cwd = "p" }: SetUp,
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const ran = await qwen(place, ["auth", "status", ...args], {
    env,
    cwd: resolve(place.home, cwd),
  });
  expect(`${ran.stdout}${ran.stderr}`).not.toContain(SECRET);
  return ran;
}

export function openai(...entries: readonly object[]): object {
  return { modelProviders: { openai: entries } };
}
