import type { Context } from "../base/context.ts";
import { failed, type Limits, refused, type Reply, request, type RequestContext, shown, statusText, TransientError } from "./http.ts";
import type { PartFile, Version } from "./part.ts";
import { requireSpace } from "./space.ts";
import { dirname } from "node:path";

/** Tries in a row that got nowhere before the download fails. */
const MAX_FAILURES = 5;
/** A try that brought this much counts as progress: the next failure is the first again. */
const PROGRESS = 1 << 20;

/** What the server said about the file. Empty strings where it said nothing. */
export interface Served extends Version {
  readonly contentType: string;
}

export interface FetchOptions {
  readonly limits: Limits;
  /** Bytes there are, and bytes there will be if the server said so. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/**
 * Brings the part file to completeness: asks for what is missing, starts over when the server has another version now
 * or cannot serve ranges, and tries again after connection failures and server errors (5xx, 408, 429).
 * Throws LimaError `DOWNLOAD_FAILED`, `HTTP_STATUS` or `NO_DISK_SPACE`, and the context signal's reason when aborted; the part file
 * keeps what has arrived.
 */
export async function fetchInto(ctx: Pick<Context, "env" | "signal" | "log">, url: URL, part: PartFile, options: FetchOptions): Promise<Served> {
  const requests: RequestContext = { env: ctx.env, signal: ctx.signal, limits: options.limits };
  for (let failures = 0, moved = false; ; ) {
    const before = part.size;
    try {
      return await attempt(requests, url, part, options);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      moved ||= part.size > before;
      failures = part.size - before >= PROGRESS ? 1 : failures + 1;
      // Once bytes have come, an unreachable host is a passing trouble (a laptop that changes its network).
      if (error.unreachable && !moved) throw failed(url, error.message, error);
      if (failures >= MAX_FAILURES) throw failed(url, `${error.message}, after ${failures} tries`, error);
      const pause = options.limits.backoff * 2 ** (failures - 1);
      ctx.log.debug("download interrupted, trying again", { location: shown(url), reason: error.message, bytes: part.size, pauseMs: pause });
      await abortableSleep(pause, ctx.signal);
    }
  }
}

async function attempt(ctx: RequestContext, url: URL, part: PartFile, { onProgress }: FetchOptions): Promise<Served> {
  const headers: Record<string, string> = {};
  if (part.resumable) {
    headers["range"] = `bytes=${part.size}-`;
    if (part.ifRange !== "") headers["if-range"] = part.ifRange;
  }
  const reply = await request(ctx, url, "GET", headers);
  try {
    if (isWhole(reply.response, part)) return { ...part.version, contentType: "" };
    const served = servedBy(reply.response);
    const total = await accept(url, reply.response, part, served);
    onProgress?.(part.size, total);
    await receive(reply, part, (done) => onProgress?.(done, total));
    if (total !== undefined && part.size !== total) throw new TransientError(`got ${part.size} of ${total} bytes`);
    return served;
  } finally {
    reply.close();
  }
}

/** The answer to asking for the rest of a part that has no rest: an earlier run ended between its last byte and the rename. */
function isWhole(response: Response, part: PartFile): boolean {
  return response.status === 416 && part.size > 0 && response.headers.get("content-range") === `bytes */${part.size}`;
}

/** Makes the part file ready for the body that follows; the total size of the file if the server told. */
async function accept(url: URL, response: Response, part: PartFile, served: Served): Promise<number | undefined> {
  if (response.status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
    if (Number(start) === part.size) return spaceFor(url, part, total === undefined || total === "*" ? undefined : Number(total));
    await part.restart(served);
    throw new TransientError("the server sent another range than asked for");
  }
  if (response.status === 416) {
    await part.restart(served);
    throw new TransientError("the server has less than was downloaded before");
  }
  if ([408, 429].includes(response.status) || response.status >= 500) throw new TransientError(statusText(response));
  if (!response.ok) throw refused(url, response);
  await part.restart(served);
  const length = response.headers.get("content-length");
  return spaceFor(url, part, length === null || !/^\d+$/.test(length) ? undefined : Number(length));
}

async function spaceFor(url: URL, part: PartFile, total: number | undefined): Promise<number | undefined> {
  if (total !== undefined) await requireSpace(dirname(part.path), total - part.size, `download "${shown(url)}"`);
  return total;
}

async function receive(reply: Reply, part: PartFile, onChunk: (done: number) => void): Promise<void> {
  const reader = reply.response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw reply.explain(error);
    });
    if (done) return;
    reply.alive();
    await part.write(value);
    onChunk(part.size);
  }
}

function servedBy(response: Response): Served {
  const header = (name: string): string => response.headers.get(name) ?? "";
  return { etag: header("etag"), lastModified: header("last-modified"), contentType: header("content-type") };
}

async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const wake = (): void => aborted.resolve();
  signal.addEventListener("abort", wake, { once: true });
  try {
    await Promise.race([Bun.sleep(ms), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", wake);
  }
  signal.throwIfAborted();
}

/** Asks for the header only: what the server says about the file now. Tries once. Throws LimaError `HTTP_STATUS` for every answer but 2xx, TransientError or LimaError `DOWNLOAD_FAILED` when there is none. */
export async function head(ctx: Pick<Context, "env" | "signal">, url: URL, limits: Limits): Promise<Served> {
  const reply = await request({ env: ctx.env, signal: ctx.signal, limits }, url, "HEAD");
  try {
    if (!reply.response.ok) throw refused(url, reply.response);
    return servedBy(reply.response);
  } finally {
    reply.close();
  }
}
