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

/** Keeps what the host was told about ports, and tells it the difference. */
export class PortWatcher {
  #known: ReadonlyMap<string, GuestPort> = new Map();
  #onChange: ((change: PortChange) => void) | undefined;

  /** From now on `onChange` hears of every difference to `now`. Returns `now` without duplicates. */
  restart(now: readonly GuestPort[], onChange: (change: PortChange) => void): readonly GuestPort[] {
    const { change, after } = difference(new Map(), now);
    this.#known = after;
    this.#onChange = onChange;
    return change.added;
  }

  /** Takes a new list, from whatever found it. */
  update(now: readonly GuestPort[]): void {
    if (!this.#onChange) return;
    const { change, after } = difference(this.#known, now);
    this.#known = after;
    if (change.added.length > 0 || change.removed.length > 0) this.#onChange(change);
  }

  stop(): void {
    this.#onChange = undefined;
  }
}
