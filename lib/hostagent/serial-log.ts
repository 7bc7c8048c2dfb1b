import { closeSync, openSync, readSync } from "node:fs";

/** Enough to hold any message a rule looks for, even cut by a read. */
const OVERLAP = 4096;

/** Reads what is added to a serial log, in pieces. The guest writes it: size and content are not trusted. */
export class SerialLog {
  readonly path: string;
  #offset = 0;
  #tail = "";
  readonly #buffer = Buffer.alloc(64 * 1024);

  constructor(path: string) {
    this.path = path;
  }

  /** Bytes seen so far. */
  get size(): number {
    return this.#offset;
  }

  /** What was added since the last call: alone, and with a little of what came before it, for rules whose words a read may have cut. Undefined when nothing was added. */
  read(): { readonly added: string; readonly text: string } | undefined {
    let fd: number;
    try {
      fd = openSync(this.path, "r");
    } catch {
      return undefined;
    }
    try {
      const n = readSync(fd, this.#buffer, 0, this.#buffer.length, this.#offset);
      if (n === 0) return undefined;
      this.#offset += n;
      const added = this.#buffer.toString("latin1", 0, n);
      const text = this.#tail + added;
      this.#tail = text.slice(-OVERLAP);
      return { added, text };
    } finally {
      closeSync(fd);
    }
  }
}
