import { describe } from "bun:test";
import { join } from "node:path";
import { ENTRY, MINE, runCases, USER, user } from "./precedence-machine.ts";

describe("a Coding Plan set-up without entries", () => {
  const NAME = "BAILIAN_CODING_PLAN_API_KEY";
  const CHINA = "https://coding.dashscope.aliyuncs.com/v1 < default";
  const GLOBAL = "https://coding-intl.dashscope.aliyuncs.com/v1 < default";
  const plan = {
    exitCode: 0,
    method: "coding-plan",
    state: "configured",
    protocol: "openai",
    region: "china",
    baseUrl: CHINA,
    model: "qwen3.5-plus < default",
  };
  runCases([
    {
      name: "is a key in the shell",
      env: () => ({ [NAME]: "k" }),
      expected: { ...plan, key: `shell ${NAME}` },
    },
    {
      name: "is a key in a file that the shell names",
      files: { secret: "k" },
      env: ({ home }) => ({ [`${NAME}_FILE`]: join(home, "secret") }),
      expected: { ...plan, key: `file secret (${NAME}_FILE)` },
    },
    {
      name: "is a key in a `.env`",
      files: { "p/.env": `${NAME}=k` },
      expected: { ...plan, key: `p/.env ${NAME} [project]` },
    },
    {
      name: "is a key in `settings.env`",
      files: { [USER]: { env: { [NAME]: "k" } } },
      expected: { ...plan, key: `user env.${NAME}` },
    },
    {
      name: "has the endpoint of its region",
      files: { [USER]: { codingPlan: { region: "global" } } },
      env: () => ({ [NAME]: "k" }),
      expected: { ...plan, region: "global", baseUrl: GLOBAL },
    },
    {
      name: "keeps `model.name`",
      files: { [USER]: { model: { name: "glm-5" } } },
      env: () => ({ [NAME]: "k" }),
      expected: { ...plan, model: "glm-5 < user model.name" },
    },
    {
      name: "is incomplete with a region alone, and the command names it",
      files: { [USER]: { codingPlan: { region: "global" } } },
      expected: {
        ...plan,
        exitCode: 4,
        state: "incomplete",
        region: "global",
        baseUrl: GLOBAL,
        key: "none",
        envKey: NAME,
      },
      says: ["qwen auth coding-plan --region global"],
    },
    {
      name: "is not in force where the protocol has an entry",
      files: { [USER]: { ...ENTRY, codingPlan: { region: "global" }, env: { [NAME]: "k" } } },
      expected: { exitCode: 4, method: "api-key", baseUrl: `${MINE} < ${user("baseUrl")}` },
    },
    {
      name: "is not in force where another protocol is selected",
      files: { [USER]: { security: { auth: { selectedType: "gemini" } } } },
      env: () => ({ [NAME]: "k" }),
      expected: { exitCode: 4, protocol: "gemini", key: "none" },
    },
  ]);
});
