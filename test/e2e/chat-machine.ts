import { OPENAI } from "../support/model-answers.ts";
import { type Machine, machine } from "../support/qwen.ts";

export const KEY = "sk-0123456789abcdef0123";

type Configured = {
  readonly speech?: typeof OPENAI;
  readonly generationConfig?: object;
  /** Fields of the entry over the usual ones. */
  readonly entry?: object;
};

/** A machine whose model "m" is at this origin, and who has the key for it. */
export function chatMachine(
  origin: string,
  { speech = OPENAI, generationConfig = {}, entry }: Configured = {},
): Machine {
  const at = machine();
  const { protocol, basePath } = speech;
  const baseUrl = `${origin}${basePath}`;
  at.write(".qwen/settings.json", {
    modelProviders: {
      [protocol]: [{ id: "m", envKey: "TEST_KEY", baseUrl, generationConfig, ...entry }],
    },
    model: { name: "m" },
    security: { auth: { selectedType: protocol } },
    env: { TEST_KEY: KEY },
  });
  return at;
}
