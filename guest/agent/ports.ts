import type { GuestPort } from "../../lib/protocol/guest.ts";
import { listProcNet } from "./proc-net.ts";
import { SockDiag } from "./sock-diag.ts";

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

/** Best way to list listeners that this kernel offers. */
function lister(): () => GuestPort[] {
  try {
    const diag = new SockDiag();
    diag.list();
    return () => {
      try {
        return diag.list();
      } catch {
        return listProcNet();
      }
    };
  } catch {
    return listProcNet;
  }
}

/** Watches the guest's listening TCP ports. */
export class PortWatcher {
  readonly #list = lister();
  readonly #tickMs: number;
  #known: ReadonlyMap<string, GuestPort> = new Map();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param tickMs milliseconds between two looks */
  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  /** Looks now, and from now on; `onChange` hears of differences to the list returned. */
  restart(onChange: (change: PortChange) => void): readonly GuestPort[] {
    clearInterval(this.#timer);
    const now = difference(new Map(), this.#list());
    this.#known = now.after;
    this.#timer = setInterval(() => {
      const { change, after } = difference(this.#known, this.#list());
      this.#known = after;
      if (change.added.length > 0 || change.removed.length > 0) onChange(change);
    }, this.#tickMs);
    return now.change.added;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
