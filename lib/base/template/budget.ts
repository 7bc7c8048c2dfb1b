import { TemplateFault } from "./fault.ts";

/** Characters that a template may put out. */
const MOST_OUTPUT = 16 * 1024 * 1024;
/** Characters read and made by functions, and steps, each as STEP characters: some seconds of work at most. */
const MOST_WORK = 128 * 1024 * 1024;
const STEP = 32;
/** Blocks, parentheses and templates within each other while they run. */
const MOST_DEPTH = 500;

/** Ends what would take too long or too much memory: templates of few lines can do that. */
export class Budget {
  #output = 0;
  #work = 0;
  #depth = 0;

  step(at: number, characters = 0): void {
    this.#work += STEP + characters;
    if (this.#work > MOST_WORK) throw new TemplateFault("the template takes too many steps", at);
  }

  output(length: number): void {
    this.#output += length;
    if (this.#output > MOST_OUTPUT) throw new TemplateFault(`the result is longer than ${MOST_OUTPUT / 1024 / 1024} MiB`, 0);
  }

  nested<T>(at: number, run: () => T): T {
    if (++this.#depth > MOST_DEPTH) throw new TemplateFault(`nested deeper than ${MOST_DEPTH} levels while running`, at);
    const result = run();
    this.#depth--;
    return result;
  }
}
