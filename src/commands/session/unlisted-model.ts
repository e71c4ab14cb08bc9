import { providerOfEntry } from "../../auth/providers/catalogue.ts";
import { configurableModels } from "../../auth/verify/listed-models.ts";
import type { Connection } from "../../connect/load-connection.ts";
import { lastList } from "../../connect/model-cache.ts";
import { isRoutersId, ROUTERS } from "../../flags/model-flags.ts";
import { withoutModelFields } from "../../models/entries/generation-fields.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import type { ListedModel } from "../../protocols/listed-model.ts";
import type { Runtime } from "../../runtime.ts";
import { placeOf } from "../output/remote-models.ts";

/** Chat models that the endpoint in use listed within a day, and that no entry has. */
export function listedModels(runtime: Runtime, connection: Connection): readonly ListedModel[] {
  const list = lastList(runtime, connection.resolution);
  return configurableModels(list?.models ?? []).filter(
    (model) => !placeOf(model, connection).configured,
  );
}

/**
 * The model that a word means which no entry has: one that the endpoint in use lists, or
 * `vendor/model` where such ids are passed on. `undefined`: nobody knows of it.
 */
export function unlistedModel(
  runtime: Runtime,
  connection: Connection,
  word: string,
): ModelEntry | undefined {
  const { configuration, resolution } = connection;
  const { entry } = resolution;
  const listed = listedModels(runtime, connection).find(({ id }) => id === word);
  if (listed !== undefined && entry !== undefined) {
    return modelBeside(entry, listed);
  }
  if (!isRoutersId(word)) {
    return undefined;
  }
  const { entries } = configuration.models;
  const router = entry !== undefined && passesOn(entry) ? entry : entries.find(isOfRouter);
  return router === undefined ? undefined : modelBeside(router, { id: word });
}

/** Whether an endpoint may have any `vendor/model`: it is a router, one's own, or has one already. */
function passesOn(entry: ModelEntry): boolean {
  return isOfRouter(entry) || providerOfEntry(entry) === undefined || entry.id.includes("/");
}

function isOfRouter(entry: ModelEntry): boolean {
  return ROUTERS.includes(providerOfEntry(entry)?.id ?? "");
}

/** An entry with another model: what belongs to the endpoint stays, what belongs to a model goes. */
export function modelBeside(
  entry: ModelEntry,
  { id, name, contextWindow }: ListedModel,
): ModelEntry {
  const { contextWindowSize: _other, ...config } = withoutModelFields(entry.generationConfig);
  return {
    ...entry,
    id,
    name,
    isDelisted: false,
    contextWindowSize: contextWindow,
    generationConfig:
      contextWindow === undefined ? config : { ...config, contextWindowSize: contextWindow },
    sourceOf: (field) =>
      field === "id" ? { kind: "flag", name: "/model", origin: "user" } : entry.sourceOf(field),
  };
}

/** What Tab offers behind `/model`: configured ids, and those that the endpoint in use listed. */
export function modelWords(runtime: Runtime, connection: Connection): string[] {
  const configured = connection.configuration.models.entries.map(({ id }) => id);
  return [...configured, ...listedModels(runtime, connection).map(({ id }) => id)];
}
