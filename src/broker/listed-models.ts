import type { Route } from "./routes.ts";

type Models = { readonly known: ReadonlySet<string> };

/**
 * What the configuration knows of models, in the form of the protocol, for services without a list
 * (`spec/broker.md` §2). `undefined`: a model was asked for that is none of them.
 */
export function listedModels({ mount, call }: Route, { known }: Models): Response | undefined {
  const toItem = ITEMS[mount.name];
  if (call.kind === "model") {
    return call.model !== undefined && known.has(call.model)
      ? Response.json(toItem(call.model))
      : undefined;
  }
  const items = [...known].map(toItem);
  return Response.json(
    mount.name === "gemini" ? { models: items } : { object: "list", data: items, has_more: false },
  );
}

const ITEMS: Readonly<Record<Route["mount"]["name"], (id: string) => object>> = {
  anthropic: (id) => ({ type: "model", id, display_name: id, created_at: "1970-01-01T00:00:00Z" }),
  openai: (id) => ({ id, object: "model", created: 0, owned_by: "qwen" }),
  gemini: (id) => ({ name: `models/${id}`, displayName: id }),
};
