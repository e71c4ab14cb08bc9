import { nearestTo } from "../../lib/closest.ts";
import { isConfigurableId } from "../../models/entries/model-ids.ts";
import type { ListedModel } from "../../protocols/listed-model.ts";

/**
 * Whether a list has a model. Ollama writes its standard tag out, Gemini's names may have a folder
 * before them, and OpenRouter's variants are no entries of their own.
 */
export function hasModel(models: readonly ListedModel[], model: string): boolean {
  const base = model.replace(/^models\//, "");
  const names = [base, `${base}:latest`, base.replace(/:(?:nitro|floor|online|exacto)$/, "")];
  return models.some(({ id }) => names.includes(id));
}

/** Names of models that answer no chat, as services write them into ids. */
const OTHER_USE =
  /(?:^|[-_/.:])(?:embed\w*|(?:re)?rank\w*|whisper|tts|asr|dall-e|imagen?|veo|sora|moderation|transcribe|audio|realtime|davinci|babbage|ocr|speech|video)(?=$|[-_/.:\d])/i;

/** The models of a list that can be talked to, as far as list and ids tell. */
export function chatModels(models: readonly ListedModel[]): readonly ListedModel[] {
  return models.filter(({ id, canChat }) => canChat !== false && !OTHER_USE.test(id));
}

/** The chat models of a list that may become entries of settings. */
export function configurableModels(models: readonly ListedModel[]): readonly ListedModel[] {
  return chatModels(models).filter(({ id }) => isConfigurableId(id));
}

/** `2 models listed, "m" among them`; a model that is missing with those most like it. */
export function describeList(models: readonly ListedModel[], model: string | undefined): string {
  const count = models.length === 1 ? "1 model" : `${models.length} models`;
  if (model === undefined) {
    return `${count} listed`;
  }
  return hasModel(models, model)
    ? `${count} listed, "${model}" among them`
    : `${count} listed, but not "${model}"${meant(models, model)}`;
}

/** `; did you mean "n"?` */
function meant(models: readonly ListedModel[], model: string): string {
  const ids = models.map(({ id }) => id);
  const near = nearestTo(model, ids).map((id) => `"${id}"`);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}
