import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import { run } from "../base/exec.ts";
import { which } from "../host/which.ts";
import type { ImageFormat } from "./detect.ts";

type Host = Pick<Context, "env" | "signal">;

function qemuImg(ctx: Host, path: string): string {
  const program = which("qemu-img", ctx.env);
  if (program !== undefined) return program;
  throw new LimaError("PROGRAM_NOT_FOUND", `cannot use image "${path}": the program "qemu-img" is needed for its format and is not installed`, { hint: "install the package qemu-utils" });
}

/** Refuses an image in a format other than qcow2 and raw that consists of more files than this one. Throws LimaError `UNSAFE_IMAGE`, `PROGRAM_NOT_FOUND` or `COMMAND_FAILED`. */
export async function checkStandsAlone(ctx: Host, path: string, format: ImageFormat): Promise<void> {
  const info = await run([qemuImg(ctx, path), "info", "--output=json", "--force-share", "-f", format, path], { signal: ctx.signal });
  const other = filesNamedIn(JSON.parse(info)).find((name) => name !== path);
  if (other !== undefined) throw new LimaError("UNSAFE_IMAGE", `cannot use image "${path}": it refers to another file, "${other}"`);
}

/** Every file name in what `qemu-img info` prints, at any depth: of the image, its extents, children and backing file. */
export function filesNamedIn(info: unknown): readonly string[] {
  if (Array.isArray(info)) return info.flatMap(filesNamedIn);
  if (typeof info !== "object" || info === null) return [];
  return Object.entries(info).flatMap(([key, value]: [string, unknown]) => (/(^|-)(filename|data-file)$/.test(key) && typeof value === "string" ? [value] : filesNamedIn(value)));
}

/** Writes an image in another format, sparse. Throws LimaError `PROGRAM_NOT_FOUND` or `COMMAND_FAILED`, and the signal's reason when aborted. */
export async function convertImage(ctx: Host, from: string, format: ImageFormat, to: string, target: string): Promise<void> {
  await run([qemuImg(ctx, from), "convert", "-f", format, "-O", target, from, to], { signal: ctx.signal });
}
