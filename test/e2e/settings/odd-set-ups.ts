import { config, ENTRY, entry, header, KEY, PUBLIC, type SetUp } from "./set-up.ts";

const LOCAL = { OPENAI_BASE_URL: PUBLIC, OPENAI_MODEL: "m" };

/** An entry that authenticates by a header alone. */
function keyless(customHeaders: object): object {
  return entry({ baseUrl: PUBLIC, envKey: undefined, generationConfig: { customHeaders } });
}

function models(openai: unknown): object {
  return entry({}, { modelProviders: { openai } });
}

/** What nobody means to write: types, blanks and characters in the wrong place. */
export const ODD: readonly SetUp[] = [
  // Entries of which none is left.
  { name: "an id that is a number", user: entry({ id: 5 }), exitCode: 3, says: "openai\\[0\\].id" },
  { name: "an empty id", user: entry({ id: "" }), exitCode: 3, says: "openai\\[0\\].id" },
  { name: "an entry that is a name", user: models(["m"]), exitCode: 3, says: "openai\\[0\\]" },
  { name: "an entry that is null", user: models([null]), exitCode: 3, says: "openai\\[0\\]" },
  { name: "a list in a list", user: models([[ENTRY]]), exitCode: 3, says: "openai\\[0\\]" },
  {
    name: "models for images alone",
    user: entry({ imageOnly: true }, { model: { name: "other" } }),
    exitCode: 3,
    says: "imageOnly",
  },
  {
    name: "a group of another letter case",
    user: entry({}, { modelProviders: { OpenAI: [ENTRY] } }),
    exitCode: 3,
    says: "OpenAI",
  },
  {
    name: "a protocol that is mapped to no protocol",
    user: entry({}, { modelProviders: { house: [ENTRY] }, providerProtocol: { house: "opnai" } }),
    exitCode: 3,
    says: "house",
  },
  // Fields of an entry.
  { name: "imageOnly as text", user: entry({ imageOnly: "true" }), exitCode: 0, says: "imageOnly" },
  { name: "voiceOnly as number", user: entry({ voiceOnly: 1 }), exitCode: 0, says: "voiceOnly" },
  {
    name: "an unknown wireApi",
    user: entry({ wireApi: "respones" }),
    exitCode: 0,
    says: "wireApi",
  },
  { name: "a base URL in `headers`", user: entry({ headers: {} }), exitCode: 0, says: "headers" },
  ...["K 1", "K1=", "$NOT_SET", '"K1"'].map(
    (envKey): SetUp => ({
      name: `an envKey that is ${JSON.stringify(envKey)}`,
      user: entry({ envKey }),
      exitCode: 3,
      says: "`modelProviders.openai\\[0\\].envKey`.*is no name of a variable",
    }),
  ),
  {
    name: "two entries of one id and URL",
    user: entry({}, { modelProviders: { openai: [ENTRY, { ...ENTRY, envKey: "K2" }] } }),
    exitCode: 0,
    says: "m@K2",
  },
  {
    name: "two entries of one id",
    user: entry({}, { modelProviders: { openai: [ENTRY, { ...ENTRY, baseUrl: PUBLIC }] } }),
    exitCode: 0,
    says: "several endpoints",
  },
  // Base URLs.
  {
    name: "a base URL that is a number",
    user: entry({ baseUrl: 5 }),
    exitCode: 3,
    says: "baseUrl",
  },
  { name: "a blank base URL", user: entry({ baseUrl: " " }), exitCode: 3, says: "baseUrl" },
  {
    name: "a base URL that names an unset variable",
    user: entry({ baseUrl: "$GATEWAY/v1" }),
    exitCode: 3,
    says: "`GATEWAY` is not set",
  },
  {
    name: "a base URL with a user alone",
    user: entry({ baseUrl: "https://me@c.example" }),
    exitCode: 3,
    says: "user name",
  },
  {
    name: "a variable of a base URL without a scheme",
    env: { ...LOCAL, OPENAI_BASE_URL: "c.example/v1", OPENAI_API_KEY: KEY },
    exitCode: 3,
    says: "OPENAI_BASE_URL",
  },
  {
    name: "a blank variable of a base URL",
    env: { ...LOCAL, OPENAI_BASE_URL: " \t", OPENAI_API_KEY: KEY },
    exitCode: 4,
    says: "OPENAI_API_KEY",
  },
  // Keys, through every door.
  {
    name: "a key with a zero-width space",
    user: entry({}, { env: { K1: `\u200b${KEY}` } }),
    exitCode: 4,
    says: "control characters",
  },
  {
    name: "a key that is a number",
    user: entry({}, { env: { K1: 12_345_678 } }),
    exitCode: 0,
    says: "env.K1",
  },
  { name: "nothing in quotes", user: entry({}, { env: { K1: '""' } }), exitCode: 4, says: "empty" },
  {
    name: "a key of two lines in a variable",
    env: { ...LOCAL, OPENAI_API_KEY: `${KEY}\n${KEY}` },
    exitCode: 4,
    says: "more than one line",
  },
  {
    name: "a key of two lines in a .env",
    user: entry({}, { env: {} }),
    files: { ".qwen/.env": `K1="${KEY}\n${KEY}"\n` },
    exitCode: 4,
    says: "more than one line",
  },
  {
    name: "a reference that is none of a key",
    user: entry({ baseUrl: PUBLIC }, { env: { K1: "$NOT_SET" } }),
    exitCode: 4,
    says: "NOT_SET",
  },
  {
    name: "a file that is not there",
    user: entry({}, { env: {} }),
    env: { K1_FILE: "/not/there" },
    exitCode: 3,
    says: "K1_FILE",
  },
  // Headers.
  { name: "a header with a colon", user: header("X-A:", "1"), exitCode: 3, says: "X-A:" },
  { name: "a header without any name", user: header("", "1"), exitCode: 3, says: "no name" },
  { name: "a header with NUL", user: header("X-A", "a\0b"), exitCode: 3, says: "X-A" },
  { name: "a header that is an object", user: header("X-A", { a: 1 }), exitCode: 3, says: "X-A" },
  {
    name: "a header that speaks to proxies",
    user: header("Proxy-Authorization", "Basic x"),
    exitCode: 3,
    says: "Proxy-Authorization",
  },
  {
    name: "a credential that nothing fills",
    user: keyless({ Authorization: "Bearer $NOT_SET" }),
    exitCode: 4,
    says: '"Authorization" authenticates, and a variable',
  },
  {
    name: "an empty credential",
    user: keyless({ Authorization: " " }),
    exitCode: 4,
    says: "envKey",
  },
  // Other values.
  { name: "a negative limit", user: config({ timeout: -5 }), exitCode: 0, says: "timeout" },
  {
    name: "a body that is a list",
    user: config({ extra_body: [1] }),
    exitCode: 0,
    says: "extra_body",
  },
  { name: "a misspelt body", user: config({ extraBody: {} }), exitCode: 0, says: "extraBody" },
  {
    name: "a protocol of another letter case",
    user: entry({}, { security: { auth: { selectedType: "OpenAI" } } }),
    exitCode: 3,
    says: "OpenAI",
  },
];
