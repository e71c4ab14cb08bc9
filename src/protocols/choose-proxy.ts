/** Reads a variable; names are tried in lower case first, as curl does. */
type Variable = (name: string) => string | undefined;

type ProxyOptions = {
  /** `--proxy`, else `proxy` of the settings: for every URL, whatever its scheme. */
  readonly explicit: string | undefined;
  readonly variable: Variable;
};

/**
 * The proxy for a URL (`spec/protocols.md`): the explicit one, else `HTTPS_PROXY` or `HTTP_PROXY`
 * by the URL's scheme, else `ALL_PROXY`; none for hosts that `NO_PROXY` names, which goes before
 * everything. Loopback hosts are like others.
 */
export function chooseProxy(url: string, options: ProxyOptions): string | undefined {
  const { explicit, variable } = options;
  const { protocol, hostname, port } = new URL(url);
  const either = (name: string): string | undefined =>
    variable(name.toLowerCase()) || variable(name) || undefined;
  const scheme = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = explicit ?? either(scheme) ?? either("ALL_PROXY");
  if (proxy === undefined || isExempt(hostname, portOf(protocol, port), either("NO_PROXY"))) {
    return undefined;
  }
  return proxy.includes("://") ? proxy : `http://${proxy}`;
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
