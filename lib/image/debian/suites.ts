import type { Context } from "../../base/context.ts";
import { LimaError, messageOf } from "../../base/errors.ts";
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
  const missing = await whyMissing(ctx, mirror.main, suite);
  if (missing !== undefined) {
    throw new LimaError("MIRROR_UNUSABLE", `cannot build image "debian:${suite}": the mirror "${mirror.main}" has no such suite, or does not answer: ${missing}`, {
      hint: "name a mirror with the variable LIMA_DEBIAN_MIRROR",
    });
  }
  const more = [{ uri: mirror.main, suite: `${suite}-updates` }, ...(mirror.security === undefined ? [] : [{ uri: mirror.security, suite: `${suite}-security` }])];
  const there = await Promise.all(more.map(async (source) => (await whyMissing(ctx, source.uri, source.suite)) === undefined));
  return [{ uri: mirror.main, suite }, ...more.filter((_, i) => there[i])].map((source) => `deb [signed-by=${KEYRING}] ${source.uri} ${source.suite} main\n`).join("");
}

async function whyMissing(ctx: Pick<Context, "env" | "signal">, uri: string, suite: string): Promise<string | undefined> {
  try {
    await head(ctx, new URL(`${uri}/dists/${suite}/InRelease`), LIMITS);
    return undefined;
  } catch (error) {
    ctx.signal.throwIfAborted();
    return messageOf(error);
  }
}

/** The same sources as the guest reaches them: a mirror on this host's loopback is at the gateway from there. */
export function guestSources(sources: string): string {
  return sources.replaceAll(/(https?:\/\/)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/])/g, "$1host.lima.internal");
}
