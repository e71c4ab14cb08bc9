import { completedAzureUrl, isAzure } from "../auth/providers/azure-endpoints.ts";
import {
  findEndpoint,
  findProvider,
  findRegion,
  providerNames,
  regionChoices,
} from "../auth/providers/find-provider.ts";
import { isOtherHost } from "../auth/providers/other-hosts.ts";
import type { Endpoint, Provider } from "../auth/providers/provider.ts";
import { PROVIDERS } from "../auth/providers/providers.ts";
import { UsageError } from "../errors.ts";
import { baseUrlComplaint, isPrivateHost, normalEndpoint } from "../lib/endpoint-url.ts";

const AUTO = "auto";

/** `--region auto`: the region is found by asking all of them. */
export function isAutoRegion(region: string | undefined): boolean {
  return region?.trim().toLowerCase() === AUTO;
}

/** What `--region` takes for a provider, without the other names of a region. */
export function offeredRegions({ endpoints }: Pick<Provider, "endpoints">): readonly string[] {
  const regions = endpoints.flatMap(({ region }) => (region === undefined ? [] : [region]));
  return regions.length < 2 ? regions : [...regions, AUTO];
}

type EndpointValues = { readonly region: string | undefined; readonly baseUrl: string | undefined };

/**
 * The provider that `--provider` names.
 * @throws UsageError with the list of them when there is none
 */
export function providerNamed(name: string): Provider {
  const provider = findProvider(name);
  if (provider === undefined) {
    throw new UsageError(`Cannot use the provider "${name}": it is unknown`, {
      code: "invalid-value",
      hint: `choose one of ${PROVIDERS.map(({ id }) => id).join(", ")}; any other endpoint takes \`--base-url\``,
      suggest: { word: name, from: providerNames() },
    });
  }
  return provider;
}

/**
 * The endpoint that `--region` and `--base-url` choose; `undefined` when neither was given.
 * @throws UsageError when one is unknown or the two disagree
 */
export function chosenEndpoint(provider: Provider, given: EndpointValues): Endpoint | undefined {
  const { region } = given;
  const isNamed = region !== undefined && !isAutoRegion(region);
  const named = isNamed ? regionNamed(provider, region) : undefined;
  const byUrl = given.baseUrl === undefined ? undefined : endpointAt(provider, given.baseUrl);
  if (named !== undefined && byUrl !== undefined && named.baseUrl !== byUrl.baseUrl) {
    const where = byUrl.region === undefined ? "another one" : `the one of ${byUrl.region}`;
    throw new UsageError(
      `Cannot use \`--region ${named.region}\` with \`--base-url\`: that endpoint is ${where}`,
      { code: "invalid-value", hint: "leave one of the two out" },
    );
  }
  if (isAutoRegion(region)) {
    throwIfNoChoice(provider, byUrl);
  }
  return named ?? byUrl;
}

/** @throws UsageError when there is no region to be found */
function throwIfNoChoice(provider: Provider, byUrl: Endpoint | undefined): void {
  if (byUrl !== undefined) {
    throw new UsageError("Cannot use `--region auto` with `--base-url`: that names the endpoint", {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
  if (provider.endpoints.length < 2) {
    throw new UsageError(`Cannot use \`--region\` with ${provider.label}: it has no regions`, {
      code: "invalid-value",
      hint: "leave `--region` out",
    });
  }
}

/**
 * A base URL as it is written to settings: in the one form of endpoints.
 * @throws UsageError when it cannot be an endpoint; the text, which may hold a password, is not
 *   repeated
 */
export function checkedBaseUrl(text: string): string {
  const reason = baseUrlComplaint(text);
  if (reason !== undefined) {
    throw new UsageError(`Cannot use the value of \`--base-url\`: ${reason}`, {
      code: "invalid-value",
      hint: `write it like \`--base-url ${likeUrl(text)}\``,
    });
  }
  return toBaseUrl(text);
}

/** A base URL that is typed, as it is written: in its one form, and Azure's host completed. */
export function toBaseUrl(text: string): string {
  return completedAzureUrl(normalEndpoint(text));
}

/** What was probably meant: a server nearby without its scheme, or the form that the host wants. */
function likeUrl(text: string): string {
  const url = URL.parse(`http://${text.trim()}`);
  const isNearby =
    url !== null && /^[\w.-]+:\d+(?:\/[\w./-]*)?$/.test(text.trim()) && isPrivateHost(url.hostname);
  if (isNearby) {
    return `http://${text.trim()}`;
  }
  return isAzure(text.trim())
    ? "https://NAME.openai.azure.com/openai/v1"
    : "https://host.example/v1";
}

function regionNamed(provider: Provider, name: string): Endpoint {
  if (provider.endpoints.every(({ region }) => region === undefined)) {
    throw new UsageError(`Cannot use \`--region\` with ${provider.label}: it has no regions`, {
      code: "invalid-value",
      hint: "leave `--region` out",
    });
  }
  const endpoint = findRegion(provider, name);
  if (endpoint === undefined) {
    throw new UsageError(`Cannot use the region "${name}": it is unknown`, {
      code: "invalid-value",
      hint: `choose ${regionChoices(provider)}`,
      suggest: {
        word: name,
        from: provider.endpoints.flatMap(({ region = "", aliases = [] }) => [region, ...aliases]),
      },
    });
  }
  return endpoint;
}

function endpointAt(provider: Provider, text: string): Endpoint {
  const baseUrl = checkedBaseUrl(text);
  const known = findEndpoint(provider, baseUrl);
  const isOwn = provider.exampleUrl !== undefined || isOtherHost(provider, baseUrl);
  if (known === undefined && !isOwn) {
    const urls = provider.endpoints.map((endpoint) => endpoint.baseUrl);
    throw new UsageError(`Cannot use "${baseUrl}": it is no endpoint of ${provider.label}`, {
      code: "invalid-value",
      hint: `choose ${urls.join(" or ")}`,
    });
  }
  return known ?? { baseUrl };
}
