import type { Context } from "../../../lib/base/context.ts";
import { LimaError } from "../../../lib/base/errors.ts";
import { exec } from "../../../lib/base/exec.ts";
import { hostArch } from "../../../lib/host/machine.ts";
import { which } from "../../../lib/host/which.ts";
import { installHint } from "../packages.ts";

/** What of `qemu-img info --output=json` matters here. */
export interface ImageInfo {
  readonly format: string;
  readonly virtualSize: number;
  /** Other files that the image would read from: a backing file, an external data file, extents. */
  readonly references: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/**
 * Reads the JSON of `qemu-img info` for the image at `path`. Old versions tell of extents and data files below
 * `format-specific`, new ones (8.1) also list every file as a child. Throws an Error when it is no such JSON.
 */
export function parseImageInfo(text: string, path: string): ImageInfo {
  const info: unknown = JSON.parse(text);
  if (!isObject(info) || typeof info["format"] !== "string" || typeof info["virtual-size"] !== "number") throw new Error(`qemu-img info printed something else: ${text.slice(0, 200)}`);
  const specific = isObject(info["format-specific"]) ? info["format-specific"]["data"] : undefined;
  const data = isObject(specific) ? specific : {};
  const files = objects(info["children"]).flatMap((child) => {
    const nested = isObject(child["info"]) ? child["info"] : {};
    return [nested["filename"], ...objects(nested["children"]).map((c) => (isObject(c["info"]) ? c["info"]["filename"] : undefined))];
  });
  const candidates = [info["backing-filename"], data["data-file"], ...objects(data["extents"]).map((extent) => extent["filename"]), ...files];
  return {
    format: info["format"],
    virtualSize: info["virtual-size"],
    references: candidates.filter((name): name is string => typeof name === "string" && name !== path),
  };
}

export class QemuImg {
  readonly #ctx: Context;
  readonly #program: string;

  /** Throws LimaError `QEMU_IMG_NOT_FOUND`, the hint naming the package. */
  constructor(ctx: Context) {
    const program = which("qemu-img", ctx.env);
    if (program === undefined) throw new LimaError("QEMU_IMG_NOT_FOUND", "cannot make a disk: qemu-img not found", { hint: installHint("qemu-img", hostArch(), ctx.env) });
    this.#ctx = ctx;
    this.#program = program;
  }

  async #run(action: string, words: readonly string[], cwd?: string): Promise<string> {
    const result = await exec([this.#program, ...words], { signal: this.#ctx.signal, ...(cwd === undefined ? {} : { cwd }) });
    if (result.exitCode === 0) return result.stdout;
    const said = result.stderr.trim().split("\n")[0]?.replace(/^qemu-img: /, "") ?? "";
    if (/Failed to get .*lock/.test(result.stderr)) throw new LimaError("DISK_IN_USE", `cannot ${action}: another process uses the disk`);
    throw new LimaError("QEMU_IMG_FAILED", `cannot ${action}: ${said === "" ? `qemu-img ended with status ${result.exitCode}` : said}`);
  }

  /** Throws LimaError when the file is damaged. */
  async info(path: string): Promise<ImageInfo> {
    return parseImageInfo(await this.#run(`inspect image "${path}"`, ["info", "--output=json", "--force-share", path]), path);
  }

  /** A new qcow2 image of `size` bytes in `dir`, empty or over a backing file that lies beside it. */
  async create(dir: string, name: string, size: number, backing?: { readonly name: string; readonly format: string }): Promise<void> {
    const over = backing === undefined ? [] : ["-F", backing.format, "-b", backing.name];
    await this.#run(`create disk "${name}"`, ["create", "-q", "-f", "qcow2", ...over, name, String(size)], dir);
  }

  /** Makes an image larger, `size` in bytes. */
  async grow(path: string, format: string, size: number): Promise<void> {
    await this.#run(`grow disk "${path}"`, ["resize", "-q", "-f", format, path, String(size)]);
  }
}
