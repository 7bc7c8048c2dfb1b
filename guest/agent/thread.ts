import { ptr } from "bun:ffi";
import { parentPort, workerData } from "node:worker_threads";
import type { GuestPort } from "../../lib/protocol/guest.ts";
import { libc } from "./libc.ts";
import { openPortList } from "./port-list.ts";

/**
 * The agent's second thread. It waits in poll(2) for the host and looks at the listening ports in between: a blocked
 * read on Bun's thread pool would starve file and DNS work, and a timer on the main thread costs three times as much as
 * the look itself.
 */
export interface ThreadSetup {
  /** The virtio port. */
  readonly fd: number;
  /** Milliseconds between two looks at the ports. */
  readonly tickMs: number;
}

export type ThreadMessage =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** The host end is closed. */
  | { readonly kind: "closed" }
  /** Everything that listens: before the first data of a host, and when it is not what it was. */
  | { readonly kind: "ports"; readonly ports: readonly GuestPort[] };

const POLLIN = 1;
const READ_BYTES = 1 << 16;

/** A closed port is always readable, with nothing to read: how long to wait before the next look, in milliseconds. */
const CLOSED_NAP_MS = 100;

function serve({ fd, tickMs }: ThreadSetup, post: (message: ThreadMessage) => void): never {
  const { poll, read } = libc();
  const list = openPortList();
  const bytes = new Uint8Array(READ_BYTES);
  const into = ptr(bytes);
  const set = new Int32Array([fd, POLLIN]);
  const pollSet = ptr(set);
  /** What the host was told; undefined while there is none. */
  let known: readonly GuestPort[] | undefined;
  let looked = 0;
  const look = (): void => {
    looked = performance.now();
    const ports = list();
    if (ports !== known) post({ kind: "ports", ports });
    known = ports;
  };
  for (;;) {
    const wait = known ? Math.max(0, Math.ceil(looked + tickMs - performance.now())) : -1;
    if (poll(pollSet, 1n, wait) > 0) {
      const n = Number(read(fd, into, BigInt(READ_BYTES)));
      if (n > 0) {
        if (!known) look();
        post({ kind: "data", bytes: bytes.slice(0, n) });
      } else {
        if (known) post({ kind: "closed" });
        known = undefined;
        Bun.sleepSync(CLOSED_NAP_MS);
      }
    }
    if (known && performance.now() - looked >= tickMs) look();
  }
}

/** Body of the thread; never returns. */
export function runThread(): void {
  if (!parentPort) throw new Error("not a thread");
  const port = parentPort;
  serve(workerData as ThreadSetup, (message) => port.postMessage(message));
}
