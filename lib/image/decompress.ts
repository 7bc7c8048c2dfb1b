import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Context } from "../base/context.ts";
import { LimaError, messageOf } from "../base/errors.ts";
import { requireSpace } from "../download/space.ts";
import { which } from "../host/which.ts";
import type { Compression } from "./detect.ts";
import { SparseWriter } from "./sparse.ts";

const CHUNK = 1 << 20;

/** What the runtime cannot unpack itself, and the packages that have the programs for it. */
const PROGRAMS = { bzip2: { program: "bzip2", package: "bzip2" }, xz: { program: "xz", package: "xz-utils" } } as const;

/**
 * Unpacks a file to a new name, with holes where there are only zeroes. Throws LimaError `DECOMPRESS_FAILED`,
 * `PROGRAM_NOT_FOUND` or `NO_DISK_SPACE`, system errors of reading and writing, and the signal's reason when aborted;
 * `to` may then be there in part.
 */
export async function decompressFile(ctx: Pick<Context, "env" | "signal">, from: string, to: string, compression: Compression): Promise<void> {
  const action = `unpack "${from}"`;
  // It will not get smaller; how much larger, no format tells reliably.
  await requireSpace(dirname(to), (await stat(from)).size, action);
  const writer = await SparseWriter.create(to, action);
  try {
    if (compression === "gzip" || compression === "zstd") await unpack(from, compression, writer, ctx.signal);
    else await unpackByProgram(ctx, from, PROGRAMS[compression], writer);
    await writer.finish();
  } finally {
    await writer.close();
  }
}

async function unpack(from: string, compression: "gzip" | "zstd", writer: SparseWriter, signal: AbortSignal): Promise<void> {
  const sink = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await writer.write(chunk);
    }
  };
  try {
    // The web's decoder refuses a gzip file of several members; node's takes a zstd file that was cut off for a whole one.
    if (compression === "zstd") await sink(Bun.file(from).stream().pipeThrough(new DecompressionStream("zstd")));
    else await pipeline(createReadStream(from, { highWaterMark: CHUNK }), createGunzip({ chunkSize: CHUNK }), sink);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LimaError || isSystemError(error)) throw error;
    throw new LimaError("DECOMPRESS_FAILED", `cannot unpack "${from}": ${messageOf(error)}`, { cause: error });
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "errno" in error && "syscall" in error && error.syscall !== undefined;
}

async function unpackByProgram(ctx: Pick<Context, "env" | "signal">, from: string, needed: { readonly program: string; readonly package: string }, writer: SparseWriter): Promise<void> {
  const program = which(needed.program, ctx.env);
  if (program === undefined) {
    throw new LimaError("PROGRAM_NOT_FOUND", `cannot unpack "${from}": the program "${needed.program}" is not installed`, { hint: `install the package ${needed.package}` });
  }
  const child = Bun.spawn([program, "-dc"], { stdin: Bun.file(from), stdout: "pipe", stderr: "pipe" });
  try {
    const said = new Response(child.stderr).text();
    for await (const chunk of child.stdout) {
      ctx.signal.throwIfAborted();
      await writer.write(chunk);
    }
    if ((await child.exited) !== 0) throw new LimaError("DECOMPRESS_FAILED", `cannot unpack "${from}": ${(await said).trim().split("\n")[0]}`);
  } finally {
    child.kill("SIGKILL");
  }
}
