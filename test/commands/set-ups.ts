/** Set-ups that commands are tried with, each with more than one thing in it. */

const KEY = "sk-0123456789abcdefghij";
export const DEEPSEEK = {
  id: "deepseek-v4-pro",
  name: "[DeepSeek] deepseek-v4-pro",
  baseUrl: "https://api.deepseek.com",
  envKey: "DEEPSEEK_API_KEY",
};
export const OWN = {
  id: "own-m",
  name: "[Team] own-m",
  baseUrl: "https://own.example/v1",
  envKey: "TEAM_KEY",
};
export const SETTINGS = {
  $version: 3,
  security: { auth: { selectedType: "openai" } },
  model: { name: "deepseek-v4-pro" },
  env: { DEEPSEEK_API_KEY: KEY, OTHER: "x" },
  modelProviders: { openai: [DEEPSEEK, OWN] },
};
const ACCOUNTS = {
  schemaVersion: 1,
  accounts: {
    DEEPSEEK_API_KEY: {
      work: { key: "sk-work-0123456789abcdef", baseUrl: "https://api.deepseek.com" },
    },
  },
};
const WORK = "sk-work-0123456789abcdef";
export const NAMED = {
  settings: { ...SETTINGS, env: { DEEPSEEK_API_KEY: WORK } },
  files: {
    ".qwen/accounts.json": {
      schemaVersion: 1,
      accounts: {
        DEEPSEEK_API_KEY: { work: { key: WORK }, home: { key: "sk-home-0123456789abcdef" } },
      },
    },
  },
};
export const WITH_ACCOUNTS = { settings: SETTINGS, files: { ".qwen/accounts.json": ACCOUNTS } };
