import type { GuestPort } from "../../lib/protocol/guest.ts";

export interface PortChange {
  readonly added: readonly GuestPort[];
  readonly removed: readonly GuestPort[];
}

const keyOf = (p: GuestPort): string => `${p.protocol} ${p.ip} ${p.port}`;

/** What came and what went between two lists; duplicates (SO_REUSEPORT) count once. */
export function difference(before: ReadonlyMap<string, GuestPort>, now: readonly GuestPort[]): { readonly change: PortChange; readonly after: ReadonlyMap<string, GuestPort> } {
  const after = new Map(now.map((p) => [keyOf(p), p]));
  const added = [...after].filter(([k]) => !before.has(k)).map(([, p]) => p);
  const removed = [...before].filter(([k]) => !after.has(k)).map(([, p]) => p);
  return { change: { added, removed }, after };
}

/** Knows what listens, from whoever finds it out, and tells the differences. */
export class PortWatcher {
  #known: ReadonlyMap<string, GuestPort> = new Map();
  #onChange: ((change: PortChange) => void) | undefined;

  /** Everything that listens; `onChange` hears of every difference to it. */
  restart(onChange: (change: PortChange) => void): readonly GuestPort[] {
    this.#onChange = onChange;
    return [...this.#known.values()];
  }

  /** Takes a new list. */
  update(now: readonly GuestPort[]): void {
    const { change, after } = difference(this.#known, now);
    this.#known = after;
    if (change.added.length > 0 || change.removed.length > 0) this.#onChange?.(change);
  }

  stop(): void {
    this.#onChange = undefined;
  }
}
