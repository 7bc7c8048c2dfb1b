import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { envFile } from "./env-file.ts";

const URL_PROXIES = ["ftp_proxy", "http_proxy", "https_proxy"] as const;
const PROXIES = [...URL_PROXIES, "no_proxy"] as const;

/** A name server that does not answer must not delay a start. */
const LOOKUP_LIMIT_MS = 2000;

/** Addresses of a host name; empty when it has none. Tests give their own. */
export type Resolve = (host: string) => Promise<readonly string[]>;

async function systemResolve(host: string): Promise<readonly string[]> {
  const found = lookup(host, { all: true }).then((all) => all.map((a) => a.address), () => []);
  const late = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => late.resolve([]), LOOKUP_LIMIT_MS);
  try {
    return await Promise.race([found, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || /^::ffff:127\./i.test(address);
}

async function reachesHostOnly(host: string, resolve: Resolve): Promise<boolean> {
  const name = host.replace(/^\[|\]$/g, "");
  if (name === "localhost" || isLoopback(name)) return true;
  return isIP(name) === 0 && (await resolve(name)).some(isLoopback);
}

/** A proxy on the host's loopback address is at the gateway for the guest; all else of the URL stays as it was written. */
async function guestProxyUrl(value: string, gateway: string, resolve: Resolve): Promise<string | undefined> {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  const full = withScheme ? value : `http://${value}`;
  if (!URL.canParse(full)) return undefined;
  const { hostname } = new URL(full);
  if (!(await reachesHostOnly(hostname, resolve))) return value;
  // The host stands between the last "@" of the authority, or the scheme, and its port or path.
  return value.replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?)(\[[^\]]*\]|[^:/?#]*)/i, (_, before: string) => `${before}${gateway}`);
}

/**
 * The variables for the guest: `env` and, over them, the host's proxy variables; empty values are taken out.
 * Loopback proxies point to the gateway, and the upper- and lower-case names of each agree, the lower case wins.
 */
export async function guestEnvironment(
  env: Readonly<Record<string, string>>,
  proxyEnv: Readonly<Record<string, string>>,
  gateway: string,
  resolve: Resolve = systemResolve,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const all = new Map(Object.entries({ ...env, ...proxyEnv }).filter(([, value]) => value !== ""));
  for (const lower of PROXIES) {
    const upper = lower.toUpperCase();
    const [low, up] = [all.get(lower), all.get(upper)];
    if (low !== undefined && up !== undefined && low !== up) warnings.push(`${upper} differs from ${lower}: the guest gets the value of ${lower} for both`);
    let value = low ?? up;
    if (value === undefined) continue;
    if (lower !== "no_proxy") {
      const translated = await guestProxyUrl(value, gateway, resolve);
      if (translated === undefined) warnings.push(`${low === undefined ? upper : lower} is not a URL: the guest gets it unchanged`);
      value = translated ?? value;
    }
    all.set(lower, value);
    all.set(upper, value);
  }
  return { env: Object.fromEntries(all), warnings };
}

/**
 * etc_environment: the block for /etc/environment. pam_env takes one pair of quotes off a value, and blanks at its ends
 * where there are none. Throws LimaError `CIDATA_VALUE`.
 */
export function etcEnvironment(env: Readonly<Record<string, string>>): string {
  const entries = Object.entries(env).map(([key, value]) => [key, /^["'\s]|["'\s]$/.test(value) ? `"${value}"` : value] as const);
  return `#LIMA-START\n${envFile("environment variable", "", entries)}#LIMA-END\n`;
}
