import { regionChoices } from "../auth/providers/find-provider.ts";
import type { Endpoint, Provider } from "../auth/providers/provider.ts";
import { UsageError } from "../errors.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { mapAnswer } from "./ask-steps.ts";
import { whyNotAsked } from "./can-prompt.ts";

/**
 * Asks which of a provider's regions is meant; each row shows its endpoint.
 * @throws UsageError when there is nobody to ask
 */
export async function askForRegion(
  { prompter, env }: Pick<Runtime, "prompter" | "env">,
  provider: Provider,
  { canAsk, noInput }: { readonly canAsk: boolean; readonly noInput: boolean },
): Promise<Answer<Endpoint>> {
  const [first, ...others] = provider.endpoints;
  if (first === undefined || !canAsk) {
    const flags = provider.endpoints.map(({ region }) => `\`--region ${region}\``);
    throw new UsageError(
      `Cannot choose the region: none was given and ${whyNotAsked({ env }, { noInput })}`,
      {
        code: "missing-input",
        hint:
          flags.length > 2
            ? `give \`--region\` with ${regionChoices(provider)}`
            : `give ${flags.join(" or ")}`,
      },
    );
  }
  const answer = prompter.select({
    message: "Select the region:",
    choices: [first, ...others].map(({ region = "", label = region, baseUrl }) => ({
      value: region,
      label,
      description: baseUrl,
    })),
  });
  return mapAnswer(answer, (chosen) => others.find(({ region }) => region === chosen) ?? first);
}
