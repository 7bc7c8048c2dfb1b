import type { Context } from "../../base/context.ts";
import { codeOf, LimaError, messageOf } from "../../base/errors.ts";
import { head } from "../../download/fetch.ts";
import { LIMITS } from "../../download/http.ts";
import type { Mirror } from "./mirror.ts";

/** In the guest, too, where the package debian-archive-keyring is part of every system. */
export const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Looks what the mirror has of a suite, and writes it down for apt: the suite itself, its updates and its security
 * updates. Throws LimaError `MIRROR_UNUSABLE` when it has no such suite, or does not answer.
 */
export async function sourcesFor(ctx: Pick<Context, "env" | "signal">, suite: string, mirror: Mirror): Promise<string> {
  const action = `cannot build image "debian:${suite}"`;
  const hint = "name another mirror with the variable LIMA_DEBIAN_MIRROR";
  try {
    await ask(ctx, mirror.main, suite);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (codeOf(error) === "HTTP_STATUS") throw new LimaError("MIRROR_UNUSABLE", `${action}: the mirror "${mirror.main}" has no such suite`, { hint, cause: error });
    throw new LimaError("MIRROR_UNUSABLE", `${action}: the mirror "${mirror.main}" does not answer: ${messageOf(error)}`, { hint, cause: error });
  }
  const more = [{ uri: mirror.main, suite: `${suite}-updates` }, ...(mirror.security === undefined ? [] : [{ uri: mirror.security, suite: `${suite}-security` }])];
  const there = await Promise.all(more.map((source) => ask(ctx, source.uri, source.suite).then(() => true, () => false)));
  ctx.signal.throwIfAborted();
  return [{ uri: mirror.main, suite }, ...more.filter((_, i) => there[i])].map((source) => `deb [signed-by=${KEYRING}] ${source.uri} ${source.suite} main\n`).join("");
}

async function ask(ctx: Pick<Context, "env" | "signal">, uri: string, suite: string): Promise<void> {
  await head(ctx, new URL(`${uri}/dists/${suite}/InRelease`), LIMITS);
}

/** The same sources as the guest reaches them: a mirror on this host's loopback is at the gateway from there. */
export function guestSources(sources: string): string {
  return sources.replaceAll(/(https?:\/\/)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/])/g, "$1host.lima.internal");
}
