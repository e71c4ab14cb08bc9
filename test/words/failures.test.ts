import { expect, test } from "bun:test";
import { failureRowsAt } from "../../src/auth/providers/failure-rows.ts";
import { PROVIDERS } from "../../src/auth/providers/providers.ts";
import { requestProblem } from "../../src/auth/verify/request-problem.ts";
import type { FailureKind } from "../../src/http/request-failure.ts";
import { GENERAL_ROWS } from "../../src/protocols/failures/failure-table.ts";
import { createTranslator } from "../../src/words/translate.ts";
import { ZH_CN } from "../../src/words/zh-cn.ts";

const translate = createTranslator(ZH_CN, () => false);
const HAN = /\p{Script=Han}/u;
const SAID = "words of the service";

const KINDS: readonly FailureKind[] = [
  "rate-limited",
  "server-error",
  "rejected",
  "forbidden",
  "not-allowed",
  "model-not-allowed",
  "unknown-model",
  "not-found",
  "quota",
  "window",
  "bad-request",
  "blocked",
  "too-long",
  "not-an-api",
];

const rows = [
  ...GENERAL_ROWS,
  ...[
    "http://127.0.0.1:1/v1",
    ...PROVIDERS.flatMap((each) => each.endpoints.map((e) => e.baseUrl)),
  ].flatMap(failureRowsAt),
];

const cases = [
  ...KINDS.map((kind) => ({ kind, says: undefined, hint: undefined })),
  ...rows.map(({ kind, says, hint }) => ({ kind, says, hint })),
].filter(
  (each, index, all) =>
    index === all.findIndex((other) => JSON.stringify(each) === JSON.stringify(other)),
);

test.each(cases)("$kind: $says; $hint is told in Chinese", ({ kind, says, hint }) => {
  const failure = {
    kind,
    message: SAID,
    status: 400,
    tries: 3,
    ...(kind === "window" || kind === "rate-limited" ? { retryAfterMs: 5000 } : {}),
    ...(says === undefined ? {} : { says }),
    ...(hint === undefined ? {} : { hint }),
  };
  const problem = requestProblem(failure, {
    doing: "ask a model",
    baseUrl: "https://one.example/v1",
    keyName: "the key of A_KEY",
  });
  const shown = translate(problem.message);
  expect(shown).toStartWith("无法向模型提问：");
  // All that stays is what the service said, and names.
  const left = shown
    .replace(SAID, "")
    .replace(
      /https?:\S+|one\.example|A_KEY|Responses|Ollama|OpenAI|HTTP|Token|Coding|Plan|GLM/g,
      "",
    );
  expect(left).not.toMatch(/[a-z]{3,}/);
  expect(shown).toContain(SAID);
  if (problem.hint !== undefined) {
    expect(translate(problem.hint)).toMatch(HAN);
  }
});
