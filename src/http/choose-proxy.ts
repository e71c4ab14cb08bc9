/** Reads a variable; names are tried in lower case first, as curl does. */
type Variable = (name: string) => string | undefined;

type ProxyOptions = {
  /** `--proxy`, else `proxy` of the settings: for every URL, whatever its scheme. */
  readonly explicit: string | undefined;
  readonly variable: Variable;
};

/** A proxy that is configured for a URL. */
export type ProxyChoice = {
  readonly proxy: string;
  /** The variable that names it; `undefined`: it is the explicit one. */
  readonly variable: string | undefined;
  /** What `NO_PROXY` says. */
  readonly noProxy: string | undefined;
  /** Whether `NO_PROXY` names the URL's host, so that no proxy is used. */
  readonly isExempt: boolean;
};

/**
 * The proxy for a URL (`spec/protocols.md`): the explicit one, else `HTTPS_PROXY` or `HTTP_PROXY`
 * by the URL's scheme, else `ALL_PROXY`; none for hosts that `NO_PROXY` names, which goes before
 * everything. Loopback hosts are like others. `usedProxy` tells whether it is used.
 */
export function findProxy(url: string, options: ProxyOptions): ProxyChoice | undefined {
  const { protocol, hostname, port } = new URL(url);
  const either = (name: string): { variable: string; value: string } | undefined =>
    [name.toLowerCase(), name]
      .map((variable) => ({ variable, value: options.variable(variable) ?? "" }))
      .find(({ value }) => value !== "");
  const scheme = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const named =
    options.explicit === undefined ? (either(scheme) ?? either("ALL_PROXY")) : undefined;
  const proxy = options.explicit ?? named?.value;
  const noProxy = either("NO_PROXY")?.value;
  return proxy === undefined
    ? undefined
    : {
        proxy: proxy.includes("://") ? proxy : `http://${proxy}`,
        variable: named?.variable,
        noProxy,
        isExempt: isExempt(hostname, portOf(protocol, port), noProxy),
      };
}

/** The URL of a proxy that was found, unless `NO_PROXY` forbids to use it. */
export function usedProxy(
  found: Pick<ProxyChoice, "proxy" | "isExempt"> | undefined,
): string | undefined {
  return found === undefined || found.isExempt ? undefined : found.proxy;
}

function portOf(protocol: string, port: string): string {
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}

function isExempt(hostname: string, port: string, list = ""): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((item) => item !== "" && matches(item, host, port));
}

/** `*`, a host, a domain with or without a dot or star before it, `host:port`, an IPv4 block. */
function matches(item: string, host: string, port: string): boolean {
  if (item === "*") {
    return true;
  }
  // An IPv6 address has colons of its own; only in brackets can a port follow it.
  const isBareIpv6 = item.split(":").length > 2 && !item.startsWith("[");
  const [, inBrackets, plain, wantedPort] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(item) ?? [];
  const name = isBareIpv6 ? item : (inBrackets ?? plain ?? "");
  if (wantedPort !== undefined && wantedPort !== port) {
    return false;
  }
  const domain = name.replace(/^\*?\./, "");
  const isHost = domain !== "" && (domain === host || host.endsWith(`.${domain}`));
  return isHost || isInBlock(host, name);
}

function isInBlock(host: string, block: string): boolean {
  const [, base = "", bits = ""] = /^(.*)\/(\d+)$/.exec(block) ?? [];
  const [left, right] = [ipv4(host), ipv4(base)];
  if (left === undefined || right === undefined || Number(bits) > 32) {
    return false;
  }
  const size = 2 ** (32 - Number(bits));
  return Math.floor(left / size) === Math.floor(right / size);
}

function ipv4(text: string): number | undefined {
  const octets = /^\d+\.\d+\.\d+\.\d+$/.test(text) ? text.split(".").map(Number) : [];
  return octets.length === 4 && octets.every((octet) => octet < 256)
    ? octets.reduce((sum, octet) => sum * 256 + octet, 0)
    : undefined;
}
