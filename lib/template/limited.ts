import { LimaError } from "../base/errors.ts";
import { YAML_MAX_BYTES } from "../config/yaml.ts";

/** The items of a stream until the signal fires; a read that never comes back does not hold anybody. */
async function* until<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    // Not awaited: it would wait for the read that never comes back.
    iterator.return?.().catch(() => undefined);
  }
}

/**
 * Collects a stream as text. Throws LimaError `TEMPLATE_TOO_LARGE` once it is over 4 MiB (the reference cuts it off in
 * silence, which gives half a template), `TEMPLATE_UNREADABLE` when it is not UTF-8, and the signal's
 * reason when interrupted.
 */
export async function readLimited(stream: AsyncIterable<Uint8Array>, source: string, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of until(stream, signal)) {
    size += chunk.length;
    if (size > YAML_MAX_BYTES) throw new LimaError("TEMPLATE_TOO_LARGE", `cannot read template "${source}": it is larger than 4 MiB`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new LimaError("TEMPLATE_UNREADABLE", `cannot read template "${source}": it is not UTF-8 text`, { cause: error });
  }
}
