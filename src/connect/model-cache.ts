import { join } from "node:path";
import { QwenError } from "../errors.ts";
import { openOwnFile } from "../lib/files/open-own-file.ts";
import { updatePrivateFile } from "../lib/files/private-file.ts";
import { isJsonObject } from "../lib/json/json-object.ts";
import type { Resolution } from "../models/resolution.ts";
import type { ModelList } from "../protocols/list-models.ts";
import type { ListedModel } from "../protocols/listed-model.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import type { Runtime } from "../runtime.ts";
import { ownRule, qwenHome } from "../settings/paths.ts";

/** A list as it was when its endpoint was asked. */
export type CachedList = ModelList & {
  /** Milliseconds since the epoch. */
  readonly at: number;
};

type Machine = Pick<
  Runtime,
  "env" | "cwd" | "home" | "uid" | "sleep" | "now" | "trace" | "holdsSecret"
>;

type ListedEndpoint = Pick<ServiceEndpoint, "protocol" | "baseUrl">;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Bytes. */
const LARGEST_FILE = 8 * 1024 * 1024;

/** Keeps what an endpoint lists, which is no secret. A cache that cannot be written is none. */
export async function keepList(
  machine: Machine,
  listed: ListedEndpoint,
  { models, isPartial }: ModelList,
): Promise<void> {
  const { protocol, baseUrl } = listed;
  const text = `${JSON.stringify({ schemaVersion: 1, protocol, baseUrl, at: machine.now(), isPartial, models })}\n`;
  if (machine.holdsSecret(text)) {
    return;
  }
  try {
    const path = pathOf(machine, listed);
    await updatePrivateFile(machine, { path, read: () => "", rewrite: () => text });
  } catch (error) {
    if (!(error instanceof QwenError)) {
      throw error;
    }
    machine.trace?.(() => [`the list of models was not kept: ${error.message}`]);
  }
}

/**
 * What an endpoint listed, at most a day ago unless `isAnyAge`; `undefined` for what is too old,
 * damaged or of another endpoint.
 */
export function cachedList(
  machine: Machine,
  listed: ListedEndpoint,
  { isAnyAge = false }: { readonly isAnyAge?: boolean } = {},
): CachedList | undefined {
  const file = openOwnFile(pathOf(machine, listed), ownRule(machine), { largest: LARGEST_FILE });
  if (file.kind !== "file" || file.fault !== undefined || file.content.kind === "unreadable") {
    return undefined;
  }
  const found = parse(file.content.text, listed);
  const age = found === undefined ? 0 : machine.now() - found.at;
  return isAnyAge || (age >= 0 && age < DAY_MS) ? found : undefined;
}

/** What the endpoint of a connection listed when it was asked, within a day. */
export function lastList(machine: Machine, { protocol, endpoint }: Resolution) {
  if (protocol === undefined || endpoint === undefined) {
    return undefined;
  }
  const asked = { protocol: protocol.value, baseUrl: endpoint.value };
  const list = cachedList(machine, asked);
  return list && { ...asked, ...list };
}

function parse(text: string, { protocol, baseUrl }: ListedEndpoint): CachedList | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || value.protocol !== protocol || value.baseUrl !== baseUrl) {
      return undefined;
    }
    const { at, isPartial, models } = value;
    return typeof at === "number" && Array.isArray(models)
      ? { at, isPartial: isPartial === true, models: models.flatMap(toModel) }
      : undefined;
  } catch {
    return undefined;
  }
}

function toModel(value: unknown): ListedModel[] {
  if (!isJsonObject(value) || typeof value.id !== "string") {
    return [];
  }
  const { id, name, contextWindow, canChat } = value;
  return [
    {
      id,
      ...(typeof name === "string" ? { name } : {}),
      ...(Number.isSafeInteger(contextWindow) ? { contextWindow: Number(contextWindow) } : {}),
      ...(canChat === false ? { canChat } : {}),
    },
  ];
}

/** An address is no name of a file: a hash of it is. */
function pathOf(machine: Machine, { protocol, baseUrl }: ListedEndpoint): string {
  const hash = new Bun.CryptoHasher("sha256").update(`${protocol}\n${baseUrl}`).digest("hex");
  return join(qwenHome(machine), "cache", `models-${hash.slice(0, 16)}.json`);
}
