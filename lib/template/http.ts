import type { Context } from "../base/context.ts";
import { LimaError, messageOf } from "../base/errors.ts";
import { readLimited } from "./limited.ts";

const TIMEOUT_MS = 30_000;

function failure(url: string, reason: string, cause?: unknown): LimaError {
  return new LimaError("TEMPLATE_DOWNLOAD", `cannot download template "${url}": ${reason}`, { cause });
}

/** Servers answer with a page, and status 200, where the file is not. */
function isPage(type: string, text: string): boolean {
  return /^\s*<(?:!doctype|html|head|\?xml)/i.test(text) || (type.includes("html") && text.trimStart().startsWith("<"));
}

/**
 * Fetches a template, in 30 seconds or `timeoutMs`. Throws LimaError `TEMPLATE_DOWNLOAD` for anything but a 2xx answer
 * with text that is no HTML page, `TEMPLATE_TOO_LARGE`, and the signal's reason when interrupted.
 */
export async function fetchTemplate(ctx: Pick<Context, "signal" | "version">, url: string, timeoutMs = TIMEOUT_MS): Promise<string> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([ctx.signal, timeout]);
  try {
    const response = await fetch(url, { signal, headers: { "User-Agent": `lima/${ctx.version}` } });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw failure(url, `the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const text = await readLimited(response.body, url, signal);
    if (isPage(response.headers.get("content-type") ?? "", text)) throw failure(url, "the server answered with an HTML page");
    return text;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (timeout.aborted) throw failure(url, `no answer within ${timeoutMs / 1000} seconds`, error);
    throw error instanceof LimaError ? error : failure(url, messageOf(error), error);
  }
}
