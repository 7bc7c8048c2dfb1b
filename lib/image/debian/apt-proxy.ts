import { type Context } from "../../base/context.ts";
import { exec } from "../../base/exec.ts";
import { which } from "../../host/which.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface AptProxy {
  /** Lines of apt configuration that carry the host's proxies into the build. */
  readonly options: readonly string[];
  /** The environment with the same proxies, for requests of our own. */
  readonly env: Env;
}

/** The proxies that the host's apt goes through: those of its configuration come before those of the environment. */
export async function aptProxy(ctx: Pick<Context, "env" | "signal">): Promise<AptProxy> {
  if (which("apt-config", ctx.env) === undefined) return { options: [], env: ctx.env };
  return proxyFrom((await exec(["apt-config", "dump"], { signal: ctx.signal })).stdout, ctx.env);
}

/** Reads the output of `apt-config dump`. */
export function proxyFrom(dump: string, env: Env): AptProxy {
  const found = [...dump.matchAll(/^(Acquire::(https?)::Proxy(?:::[^ ]+)?) "([^"]+)";$/gim)];
  const general = found.filter(([, name = ""]) => /::Proxy$/i.test(name)).map(([, , scheme = "", value = ""]) => [`${scheme.toLowerCase()}_proxy`, value === "DIRECT" ? undefined : value] as const);
  return { options: found.map(([, name, , value]) => `${name} "${value}"`), env: { ...env, ...Object.fromEntries(general) } };
}
