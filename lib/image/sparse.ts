import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { requireSpace } from "../download/space.ts";

/** Granule of holes: a whole number of blocks of every file system in use. */
const BLOCK = 64 * 1024;
const ZEROES = Buffer.alloc(BLOCK);
/** How often the free space is looked at, and how much of it is left to others. */
const LOOK_EVERY = 256 * 1024 * 1024;

/** Writes a file from front to back, leaving holes for blocks of zeroes. Throws LimaError `NO_DISK_SPACE` before the disk is full to the brim. */
export class SparseWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #action: string;
  readonly #block = Buffer.alloc(BLOCK);
  #filled = 0;
  #position = 0;
  #looked = 0;

  private constructor(file: FileHandle, path: string, action: string) {
    this.#file = file;
    this.#path = path;
    this.#action = action;
  }

  /** Makes the file, which must not exist. `action` starts the message of an error. */
  static async create(path: string, action: string): Promise<SparseWriter> {
    return new SparseWriter(await open(path, "wx", 0o600), path, action);
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === BLOCK) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    const block = this.#block.subarray(0, this.#filled);
    if (ZEROES.compare(block, 0, block.length, 0, block.length) !== 0) {
      for (let at = 0; at < block.length; ) at += (await this.#file.write(block, at, block.length - at, this.#position + at)).bytesWritten;
    }
    this.#position += block.length;
    this.#filled = 0;
    if (this.#position - this.#looked < LOOK_EVERY) return;
    this.#looked = this.#position;
    await requireSpace(dirname(this.#path), LOOK_EVERY, this.#action);
  }

  /** Writes the rest, gives the file its full length and brings it to the disk. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#file.truncate(this.#position);
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
