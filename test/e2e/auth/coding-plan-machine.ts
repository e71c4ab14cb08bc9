import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";

export const KEY = "sk-sp-0123456789abcdef0123456789a289";

export const OTHER_KEY = "sk-sp-fedcba9876543210fedcba9876b310";

export const CHINA_URL = "https://coding.dashscope.aliyuncs.com/v1";

export const FIXTURES = join(import.meta.dir, "..", "..", "fixtures", "settings");

/** `spec/providers.md`, in its order. */
export const MODELS = [
  "qwen3.5-plus",
  "qwen3.6-plus",
  "qwen3.7-plus",
  "glm-5",
  "kimi-k2.5",
  "MiniMax-M2.5",
  "qwen3-coder-plus",
  "qwen3-coder-next",
  "qwen3-max-2026-01-23",
  "glm-4.7",
];

export const plan = (at: Machine, args: readonly string[], options: RunOptions = {}) =>
  qwen(at, ["auth", "coding-plan", ...args], options);

/** The login that everything else is compared with. */
export const login = (at: Machine, region = "china", key = KEY) =>
  plan(at, ["--region", region, "--key-stdin"], { stdin: `${key}\n` });

export type Entry = {
  id: string;
  name?: string;
  baseUrl: string;
  envKey: string;
  description?: string;
  generationConfig?: Record<string, unknown>;
  capabilities?: unknown;
};

export type Settings = Record<string, unknown> & {
  $version?: number;
  env: Record<string, string>;
  modelProviders: { openai: Entry[] } & Record<string, Entry[]>;
  model: { name: string; baseUrl?: string };
  codingPlan: object;
  providerMetadata?: Record<string, unknown>;
};

export const json = (path: string): Settings => jsonc(readFileSync(path, "utf8"));

export const jsonc = (text: string) => Bun.JSONC.parse(text) as Settings;

export async function statusOf(at: Machine, options: RunOptions = {}) {
  const { stdout, exitCode } = await qwen(at, ["auth", "status", "--json"], options);
  return { ...JSON.parse(stdout), exitCode };
}

/** The file that the plain login of this region writes. */
export async function writtenBy(region: string): Promise<string> {
  const reference = machine();
  await login(reference, region);
  return readFileSync(reference.settings, "utf8");
}
