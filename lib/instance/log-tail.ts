import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { codeOf } from "../base/errors.ts";

/** Most of one read; a log that has grown by more is read in several. */
const CHUNK = 64 * 1024;

/** Gives the lines that are appended to a file, each once and whole. The file may not exist yet. */
export class LogTail {
  readonly #path: string;
  #fd: number | undefined;
  #offset = 0;
  #partial = "";
  readonly #decoder = new TextDecoder();

  /** @param from `end` leaves out what is there already */
  constructor(path: string, from: "start" | "end") {
    this.#path = path;
    this.#open();
    if (from === "end" && this.#fd !== undefined) this.#offset = fstatSync(this.#fd).size;
  }

  #open(): void {
    try {
      this.#fd ??= openSync(this.#path, "r");
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }

  /** Lines that were completed since the last call. */
  lines(): readonly string[] {
    this.#open();
    if (this.#fd === undefined) return [];
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const n = readSync(this.#fd, buffer, 0, CHUNK, this.#offset);
      if (n === 0) break;
      this.#offset += n;
      this.#partial += this.#decoder.decode(buffer.subarray(0, n), { stream: true });
    }
    const lines = this.#partial.split("\n");
    this.#partial = lines.pop() ?? "";
    return lines;
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
