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
  /** One Int32: 0 as long as nobody wants to hear of ports. The thread takes no messages while it waits. */
  readonly watching: SharedArrayBuffer;
}

export type ThreadMessage =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** The host end is closed. */
  | { readonly kind: "closed" }
  /** Everything that listens, said when it is not what it was. */
  | { readonly kind: "ports"; readonly ports: readonly GuestPort[] };

const POLLIN = 1;
const READ_BYTES = 1 << 16;

/** A closed port is always readable, with nothing to read: how long to wait before the next look, in milliseconds. */
const CLOSED_NAP_MS = 100;

function serve({ fd, tickMs, watching }: ThreadSetup, post: (message: ThreadMessage) => void): never {
  const list = openPortList();
  const wanted = new Int32Array(watching);
  const bytes = new Uint8Array(READ_BYTES);
  const into = ptr(bytes);
  const set = new Int32Array([fd, POLLIN]);
  const pollSet = ptr(set);
  let known: readonly GuestPort[] | undefined;
  let looked = performance.now();
  for (;;) {
    const wait = Math.max(0, Math.ceil(looked + tickMs - performance.now()));
    if (libc.poll(pollSet, 1n, wait) > 0) {
      const n = Number(libc.read(fd, into, BigInt(READ_BYTES)));
      if (n > 0) post({ kind: "data", bytes: bytes.slice(0, n) });
      else {
        post({ kind: "closed" });
        Bun.sleepSync(CLOSED_NAP_MS);
      }
    }
    if (performance.now() - looked < tickMs) continue;
    looked = performance.now();
    if (Atomics.load(wanted, 0) === 0) known = undefined;
    else {
      const ports = list();
      if (ports !== known) post({ kind: "ports", ports });
      known = ports;
    }
  }
}

/** Body of the thread; never returns. */
export function runThread(): void {
  if (!parentPort) throw new Error("not a thread");
  const port = parentPort;
  serve(workerData as ThreadSetup, (message) => port.postMessage(message));
}
