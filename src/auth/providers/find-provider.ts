import { sameEndpoint } from "../../lib/endpoint-url.ts";
import type { Endpoint, Provider } from "./provider.ts";
import { PROVIDERS } from "./providers.ts";

/** The provider that `--provider` names, by id or another name, in any letter case. */
export function findProvider(name: string): Provider | undefined {
  const spelling = name.trim().toLowerCase();
  return PROVIDERS.find(({ id, aliases = [] }) => [id, ...aliases].includes(spelling));
}

/** Every name that `findProvider` takes. */
export function providerNames(): string[] {
  return PROVIDERS.map(({ id, aliases = [] }) => [id, ...aliases]).flat();
}

/** The endpoint that `--region` names, in any letter case (`spec/cli.md`). */
export function findRegion<Known extends Endpoint>(
  { endpoints }: { readonly endpoints: readonly Known[] },
  name: string,
): Known | undefined {
  const spelling = name.trim().toLowerCase();
  return endpoints.find(({ region, aliases = [] }) =>
    [region, ...aliases].some((known) => known === spelling),
  );
}

/** The regions of a provider, each with its other names: `china (cn, beijing)`. */
export function regionChoices({ endpoints }: Pick<Provider, "endpoints">): string {
  const choices = endpoints
    .filter(({ region }) => region !== undefined)
    .map(({ region, aliases = [] }) =>
      aliases.length === 0 ? region : `${region} (${aliases.join(", ")})`,
    );
  return [choices.slice(0, -1).join(", "), choices.at(-1)].filter(Boolean).join(" or ");
}

/** The endpoint of a provider that `baseUrl` is, a trailing slash aside. */
export function findEndpoint<Known extends Endpoint>(
  { endpoints }: { readonly endpoints: readonly Known[] },
  baseUrl: string,
): Known | undefined {
  return endpoints.find((endpoint) => sameEndpoint(endpoint.baseUrl, baseUrl));
}

/** An endpoint of the catalogue and whose it is. */
type NamedEndpoint = { readonly provider: Provider; readonly endpoint: Endpoint };

/** `Alibaba Cloud Coding Plan (global)`: what a person calls an endpoint of the catalogue. */
export function endpointName({ provider, endpoint }: NamedEndpoint): string {
  return endpoint.region === undefined ? provider.label : `${provider.label} (${endpoint.region})`;
}

type SetUp = {
  readonly provider: Pick<Provider, "id">;
  /** The one that is meant; absent: the person chooses. */
  readonly endpoint?: Pick<Endpoint, "region">;
};

/** The command that sets a key up at a provider of the catalogue. */
export function setUpCommand({ provider, endpoint }: SetUp): string {
  const region = endpoint?.region === undefined ? "" : ` --region ${endpoint.region}`;
  return provider.id === "coding-plan"
    ? `qwen auth coding-plan${region}`
    : `qwen auth api-key --provider ${provider.id}${region}`;
}
