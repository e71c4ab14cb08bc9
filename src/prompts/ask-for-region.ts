import { regionChoices } from "../auth/providers/find-provider.ts";
import type { Endpoint, Provider } from "../auth/providers/provider.ts";
import { UsageError } from "../errors.ts";
import type { Answer, Choice, Runtime } from "../runtime.ts";
import { mapAnswer } from "./ask-steps.ts";
import { whyNotAsked } from "./can-prompt.ts";

type RegionOptions = { readonly canAsk: boolean; readonly noInput: boolean };

/**
 * Asks which of a provider's regions is meant; each row shows its endpoint.
 * @throws UsageError when there is nobody to ask
 */
export async function askForRegion(
  runtime: Pick<Runtime, "prompter" | "env">,
  provider: Provider,
  options: RegionOptions,
): Promise<Answer<Endpoint>> {
  const answer = ask(runtime, provider, { ...options, more: [] });
  return mapAnswer(answer, (chosen) => endpointOf(provider, chosen));
}

/** The same with a row for whoever does not know: `undefined`, the key finds it out. */
export async function askForRegionOrNone(
  runtime: Pick<Runtime, "prompter" | "env">,
  provider: Provider,
  options: RegionOptions,
): Promise<Answer<Endpoint | undefined>> {
  const unsure = { value: UNSURE, label: "Not sure", description: "find out with the key" };
  const answer = ask(runtime, provider, { ...options, more: [unsure] });
  return mapAnswer(answer, (chosen) =>
    chosen === UNSURE ? undefined : endpointOf(provider, chosen),
  );
}

const UNSURE = "auto";

function endpointOf({ endpoints }: Provider, chosen: string): Endpoint {
  const endpoint = endpoints.find(({ region }) => region === chosen);
  if (endpoint === undefined) {
    throw new Error(`no endpoint has the region ${chosen}`);
  }
  return endpoint;
}

async function ask(
  { prompter, env }: Pick<Runtime, "prompter" | "env">,
  provider: Provider,
  { canAsk, noInput, more }: RegionOptions & { readonly more: readonly Choice<string>[] },
): Promise<Answer<string>> {
  if (!canAsk) {
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
  const regions = provider.endpoints.map(({ region = "", label = region, baseUrl }) => ({
    value: region,
    label,
    description: baseUrl,
  }));
  return prompter.select({ message: "Select the region:", choices: [...regions, ...more] });
}
