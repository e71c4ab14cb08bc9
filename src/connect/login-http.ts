import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import { loadConfiguration } from "../models/load-configuration.ts";
import type { Runtime } from "../runtime.ts";
import { openHttp } from "./open-http.ts";

/** The way to the network for a login, which needs proxy and certificates but no connection yet. */
export async function loginHttp(runtime: Runtime, options: GlobalOptions): Promise<Http> {
  const { trust, noProject } = options;
  const configuration = await loadConfiguration(runtime, { trust, noProject, names: [] });
  return openHttp(runtime, configuration, options);
}
