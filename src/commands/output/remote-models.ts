import { configuredOrThrow, connectionProblem } from "../../auth/connection-problem.ts";
import { endpointNotice } from "../../auth/endpoint-notice.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import type { Connection } from "../../connect/load-connection.ts";
import { loadKey } from "../../connect/load-key.ts";
import { lastList } from "../../connect/model-cache.ts";
import { openHttp } from "../../connect/open-http.ts";
import { openService } from "../../connect/open-service.ts";
import { freshConnection } from "../../connect/renew-tokens.ts";
import { tellWarnings } from "../../connect/tell-warnings.ts";
import { keptList } from "../../connect/update-lists.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { isOffline, throwIfOffline } from "../../flags/verify-flags.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { formatTokens } from "../../lib/format-tokens.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { prepareRequest } from "../../models/prepare-request.ts";
import type { ListedModel } from "../../protocols/listed-model.ts";
import type { ServiceEndpoint } from "../../protocols/service-endpoint.ts";
import type { Runtime } from "../../runtime.ts";
import type { Sourced } from "../../source.ts";
import { withProgress } from "../../terminal/progress.ts";
import { chooseStyle, type Style } from "../../terminal/style.ts";
import { writeRows } from "./write-rows.ts";

type RemoteModel = ListedModel & {
  /** An entry of the settings has it at this endpoint. */
  readonly configured: boolean;
  readonly active: boolean;
};

/**
 * Prints what the endpoint in force offers.
 * @throws AuthError when nothing may be sent, or the failure of the request
 */
export async function listRemoteModels(
  runtime: Runtime,
  options: GlobalOptions & { readonly json: boolean },
  connection: Connection,
): Promise<ExitCode> {
  const { configuration, resolution } = connection;
  const known = isOffline(runtime, options) ? lastList(runtime, resolution) : undefined;
  if (known !== undefined) {
    const when = new Date(known.at).toISOString();
    await runtime.stderr.write(`not asked: ${known.baseUrl} listed this at ${when}\n`);
    return write(runtime, options, { connection, endpoint: known, listed: known.models });
  }
  throwIfOffline(runtime, options, "--remote");
  const listing = withAnyModel(connection);
  const notice = endpointNotice(resolution);
  if (notice !== undefined) {
    await runtime.stderr.write(`${visibleText(notice)}\n`);
  }
  const http = await openHttp(runtime, configuration, options);
  const fresh = await freshConnection(runtime, options, { connection: listing, http });
  const loaded = await loadKey(runtime, configuredOrThrow(fresh.resolution, "list the models"));
  const endpoint = openService(runtime, loaded);
  await tellWarnings(runtime, options, [...configuration.warnings, ...loaded.warnings]);
  const { models: listed } = await withProgress(
    runtime.stderr,
    { text: `Asking ${hostOf(endpoint.baseUrl)} for its models`, quiet: options.quiet },
    () => keptList(runtime, http, { endpoint, resolution: loaded }),
  );
  return write(runtime, options, { connection, endpoint, listed });
}

type Listing = {
  readonly connection: Connection;
  readonly endpoint: Pick<ServiceEndpoint, "protocol" | "baseUrl">;
  readonly listed: readonly ListedModel[];
};

async function write(
  runtime: Runtime,
  options: GlobalOptions & { readonly json: boolean },
  { connection, endpoint: { protocol, baseUrl }, listed }: Listing,
): Promise<ExitCode> {
  const models = listed.map((model) => ({ ...model, ...placeOf(model, connection) }));
  if (options.json) {
    await runtime.stdout.writeJson({ schemaVersion: 1, protocol, baseUrl, models });
    return EXIT.ok;
  }
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  for (const { id } of models) {
    runtime.keepAsIs(id);
  }
  await writeRows(runtime.stdout, models.map((model) => renderModel(model, style)).join(""));
  return EXIT.ok;
}

/**
 * A model is what is looked for: that none is chosen yet is no reason.
 * @throws AuthError or ConfigError when nothing may be sent all the same
 */
function withAnyModel(connection: Connection): Connection {
  const { configuration, resolution } = connection;
  const { state, protocol, endpoint, key } = resolution;
  if (state === "configured") {
    return connection;
  }
  const problem = connectionProblem(resolution, "list the models");
  const isKeyed = key.kind !== "missing" && key.kind !== "unusable";
  const lacksModel = problem.code === "model-missing" && isKeyed;
  if (!lacksModel || protocol === undefined || endpoint === undefined) {
    throw problem;
  }
  const model: Sourced<string> = {
    value: "any",
    source: { kind: "default", origin: "user" },
    shadowed: [],
  };
  const complete = { ...resolution, protocol, endpoint, key, model };
  return { ...connection, resolution: prepareRequest(configuration, complete, CATALOGUE) };
}

/** Whether a model of the endpoint in force is configured there, and in force. */
export function placeOf(
  { id }: Pick<ListedModel, "id">,
  { configuration, resolution }: Connection,
): Pick<RemoteModel, "configured" | "active"> {
  const { endpoint, protocol, model } = resolution;
  return {
    configured: configuration.models.entries.some(
      (entry) =>
        entry.id === id &&
        entry.protocol === protocol?.value &&
        (entry.baseUrl ?? endpoint?.value) === endpoint?.value,
    ),
    active: model?.value === id,
  };
}

function renderModel({ id, name, contextWindow, active }: RemoteModel, style: Style): string {
  const parts = [
    `${active ? style.green("*") : " "} ${visibleText(id)}`,
    ...(name === undefined ? [] : [visibleText(name)]),
    ...(contextWindow === undefined ? [] : [formatTokens(contextWindow)]),
  ];
  return `${parts.join("  ")}\n`;
}
