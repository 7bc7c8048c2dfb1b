/** Enough for anything on the largest configuration, the end of what grows by itself. */
const MAX_STEPS = 1_000_000;
/** Levels of lists and maps within each other in a value. */
export const MAX_LEVELS = 100;
/** Characters of one text. */
export const MAX_TEXT = 4 * 1024 * 1024;

/** Thrown by {@link Budget.charge}; becomes a LimaError where the position is known. */
export class Exhausted extends Error {
  override readonly name = "Exhausted";
}

/** Bounds the time and the memory that one evaluation takes, whatever the expression and the value are. */
export class Budget {
  #left = MAX_STEPS;

  /** Accounts for work: a value visited or copied is one step, 64 characters of text another. */
  charge(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Exhausted("takes too many steps");
  }

  /** Accounts for a text that is about to exist. */
  text(length: number): void {
    if (length > MAX_TEXT) throw new Exhausted("makes a text that is too long");
    this.charge(length >> 6);
  }

  level(depth: number): void {
    if (depth > MAX_LEVELS) throw new Exhausted(`nests values deeper than ${MAX_LEVELS} levels`);
  }
}
