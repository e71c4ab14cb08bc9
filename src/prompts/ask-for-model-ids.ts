import { splitList } from "../flags/flag.ts";
import { visibleText } from "../lib/visible-text.ts";
import { isConfigurableId, modelIdsComplaint } from "../models/entries/model-ids.ts";
import type { ListedModel } from "../protocols/listed-model.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { mapAnswer } from "./ask-steps.ts";

type OfferedModels = {
  /** What is configured unless something else is answered. */
  readonly planned: readonly string[];
  /** The endpoint's own list; empty where it is not known. */
  readonly listed: readonly ListedModel[];
};

/** Asks which models to configure, the first becomes the default. */
export async function askForModelIds(
  runtime: Pick<Runtime, "prompter">,
  { planned, listed }: OfferedModels,
): Promise<Answer<readonly string[]>> {
  // An id is written into settings and shown in lists: what could not be typed is not offered.
  const usable = listed.filter(({ id }) => isConfigurableId(id));
  return usable.length === 0
    ? askForText(runtime, planned)
    : askFromList(runtime, { planned, listed: usable });
}

/** Stands for an id that is not on the list. */
const BY_HAND = "";

async function askFromList(
  runtime: Pick<Runtime, "prompter">,
  { planned, listed }: OfferedModels,
): Promise<Answer<readonly string[]>> {
  const answer = await runtime.prompter.searchMany({
    message: "Select models with Tab; the first becomes the default:",
    choices: [
      ...listed.map(({ id, name }) => ({
        value: id,
        label: visibleText(id),
        ...(name === undefined ? {} : { description: visibleText(name) }),
      })),
      { value: BY_HAND, label: "Others", description: "type their ids" },
    ],
    initial: planned.filter((id) => listed.some((model) => model.id === id)),
  });
  if (answer.kind !== "value" || !answer.value.includes(BY_HAND)) {
    return answer;
  }
  return askForText(
    runtime,
    answer.value.filter((id) => id !== BY_HAND),
  );
}

function askForText(
  { prompter }: Pick<Runtime, "prompter">,
  planned: readonly string[],
): Promise<Answer<readonly string[]>> {
  const answer = prompter.text({
    message: "Enter model ids, separated by commas:",
    remark:
      planned.length === 0
        ? "for example model-a, model-b; the first becomes the default"
        : `Enter takes ${visibleText(planned.join(", "))}`,
    ...(planned.length === 0 ? {} : { fallback: planned.join(",") }),
    validate: (text) => {
      const ids = splitList(text === "" ? planned.join(",") : text);
      const reason = modelIdsComplaint(ids);
      return reason === undefined ? undefined : `This is no list of models: ${reason}.`;
    },
  });
  return mapAnswer(answer, (text) => [...new Set(splitList(text))]);
}
