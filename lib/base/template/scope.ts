/** Which variable stands in which slot, block by block. `$` is in slot 0, set before anything runs. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #slots = new Map<string, number>();
  readonly #next: { slot: number };

  constructor(outer?: Scope) {
    this.#outer = outer;
    this.#next = outer === undefined ? { slot: 0 } : outer.#next;
    if (outer === undefined) this.declare("$");
  }

  /** Makes a variable of this block; one of the same name further out is hidden until the block ends. */
  declare(name: string): number {
    const slot = this.#slots.get(name) ?? this.#next.slot++;
    this.#slots.set(name, slot);
    return slot;
  }

  /** The slot of a variable that can be seen from here. */
  find(name: string): number | undefined {
    return this.#slots.get(name) ?? this.#outer?.find(name);
  }

  /** Every name that can be seen from here. */
  names(): string[] {
    return [...this.#slots.keys(), ...(this.#outer?.names() ?? [])];
  }
}
