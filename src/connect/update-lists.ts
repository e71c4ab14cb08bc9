import { configuredOrThrow } from "../auth/connection-problem.ts";
import { describeKey } from "../auth/describe-key.ts";
import type { EntryGroup } from "../auth/login/update-models.ts";
import { isAzure } from "../auth/providers/azure-endpoints.ts";
import { CATALOGUE } from "../auth/providers/catalogue.ts";
import { requestProblem } from "../auth/verify/request-problem.ts";
import { QwenError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import { RequestError } from "../http/request-failure.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import type { Configuration } from "../models/configuration.ts";
import type { ModelEntry } from "../models/entries/model-entries.ts";
import type { Resolution } from "../models/resolution.ts";
import { resolveEntry } from "../models/resolve-connection.ts";
import { type ModelList, readModelList } from "../protocols/list-models.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import { loadKey } from "./load-key.ts";
import { keepList } from "./model-cache.ts";
import { openHttp } from "./open-http.ts";
import { openService } from "./open-service.ts";

/** What asking the endpoint of some entries told. */
export type AskedGroup = {
  readonly group: EntryGroup;
  readonly outcome:
    | { readonly kind: "list"; readonly list: ModelList }
    | { readonly kind: "failed"; readonly error: QwenError };
};

/** Milliseconds for each of them. */
const TIMEOUT_MS = 5000;

/** Asks the endpoints of all groups at once; what one of them lacks stops no other. */
export async function askForLists(
  runtime: Runtime,
  options: GlobalOptions,
  {
    configuration,
    groups,
  }: { readonly configuration: Configuration; readonly groups: readonly EntryGroup[] },
): Promise<readonly AskedGroup[]> {
  const http = await openHttp(runtime, configuration, options);
  const ask = async (group: EntryGroup): Promise<AskedGroup> => {
    try {
      const entry = entryOf(configuration, group);
      const list = await listOf(runtime, http, resolveEntry(configuration, entry, CATALOGUE));
      return { group, outcome: { kind: "list", list } };
    } catch (error) {
      if (!(error instanceof QwenError)) {
        throw error;
      }
      return { group, outcome: { kind: "failed", error } };
    }
  };
  const count = groups.length === 1 ? "1 service" : `${groups.length} services`;
  const text = `Asking ${count} for models`;
  return withProgress(runtime.stderr, { text, quiet: options.quiet }, () =>
    Promise.all(groups.map(ask)),
  );
}

/** @throws QwenError when no entry of the group can be used */
function entryOf(
  { models }: Configuration,
  { protocol, ids, baseUrl, envKey }: EntryGroup,
): ModelEntry {
  // A reference in the file is filled in the entry: then the rest has to tell.
  const isThere = (entry: ModelEntry): boolean =>
    baseUrl === undefined || baseUrl.includes("$") ? true : sameEndpoint(entry.baseUrl, baseUrl);
  const found = models.entries.find(
    (entry) =>
      entry.protocol === protocol &&
      entry.sourceOf().scope === "user" &&
      entry.envKey === envKey &&
      ids.includes(entry.id) &&
      isThere(entry),
  );
  if (found === undefined) {
    throw new QwenError(`Cannot list the models: no entry at ${baseUrl} can be used`, {
      code: "settings-invalid",
    });
  }
  return found;
}

/**
 * What the endpoint of a connection lists, kept for when nothing may be connected to.
 * @throws AuthError when nothing may be sent, or the failure of the request
 */
async function listOf(runtime: Runtime, http: Http, resolution: Resolution): Promise<ModelList> {
  const doing = "list the models";
  const loaded = await loadKey(runtime, configuredOrThrow(resolution, doing));
  const endpoint = openService(runtime, loaded);
  if (isAzure(endpoint.baseUrl)) {
    throw new QwenError(`Cannot ${doing}: Azure lists models, and is asked for deployments`, {
      code: "unsupported",
      hint: "name deployments with `qwen auth azure --model NAME`",
    });
  }
  return keptList(runtime, http, { endpoint, resolution: loaded });
}

type Service = { readonly endpoint: ServiceEndpoint; readonly resolution: Resolution };

/** @throws QwenError, the failure of the request */
export async function keptList(
  runtime: Runtime,
  http: Http,
  { endpoint, resolution }: Service,
): Promise<ModelList> {
  try {
    const list = await readModelList(http, endpoint, { timeoutMs: TIMEOUT_MS });
    await keepList(runtime, endpoint, list);
    return list;
  } catch (error) {
    if (error instanceof RequestError) {
      const { baseUrl } = endpoint;
      const asked = { doing: "list the models", baseUrl, ...describeKey(resolution) };
      throw requestProblem(error.failure, asked);
    }
    throw error;
  }
}
