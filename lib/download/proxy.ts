/**
 * The proxy that a request to `url` goes through by the variables `http_proxy`, `https_proxy` and `no_proxy` (either
 * case, lower case first), or undefined for none. `no_proxy` holds host names, each also standing for its subdomains,
 * with an optional port, or `*`.
 */
export function proxyFor(url: URL, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const of = (name: string): string => env[name] || env[name.toUpperCase()] || "";
  const proxy = of(url.protocol === "https:" ? "https_proxy" : "http_proxy");
  if (proxy === "") return undefined;
  const direct = of("no_proxy").split(",").map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== "");
  if (direct.some((entry) => entry === "*" || matches(url, entry))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function matches(url: URL, entry: string): boolean {
  const [, name = entry, port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  const host = url.hostname.toLowerCase();
  const domain = name.replace(/^\*?\./, "");
  return host === domain || host.endsWith(`.${domain}`);
}

/** The port a URL names or its scheme stands for. */
export function portOf(url: URL): string {
  return url.port !== "" ? url.port : url.protocol === "https:" ? "443" : "80";
}
