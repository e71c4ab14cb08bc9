import { jsonText } from "../lib/visible-text.ts";
import type { Answer, Runtime } from "../runtime.ts";

const DOCUMENTATION =
  "https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/";

/**
 * Shows the JSON that will be written, its key masked, and asks whether to save it. "No" is one
 * step back.
 */
export async function reviewLogin(
  { stderr, prompter }: Pick<Runtime, "stderr" | "prompter">,
  preview: object,
): Promise<Answer<true>> {
  await stderr.write(reviewText(preview));
  const answer = await prompter.confirm({ message: "Save this?", yes: "Save", no: "Go back" });
  if (answer.kind !== "value") {
    return answer;
  }
  return answer.value ? { kind: "value", value: true } : { kind: "back" };
}

function reviewText(preview: object): string {
  const json = jsonText(preview).trimEnd().split("\n");
  const lines = ["This will be in your settings:", "", ...json, "", `See ${DOCUMENTATION}`];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n\n`;
}
