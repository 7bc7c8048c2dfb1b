import { ptr } from "bun:ffi";
import { errno, libc } from "./libc.ts";

const CLOCK_REALTIME = 0;

/** Sets the clock when it is off by more than the threshold. All times in milliseconds; `driftMs` is guest minus host. */
export function syncClock(hostTime: number, thresholdMs: number): { readonly adjusted: boolean; readonly driftMs: number; readonly error?: string } {
  const driftMs = Date.now() - hostTime;
  if (Math.abs(driftMs) <= thresholdMs) return { adjusted: false, driftMs };
  // struct timespec: two 64-bit words.
  const time = Buffer.alloc(16);
  time.writeBigInt64LE(BigInt(Math.floor(hostTime / 1000)), 0);
  time.writeBigInt64LE(BigInt(Math.floor((hostTime % 1000) * 1e6)), 8);
  if (libc().clock_settime(CLOCK_REALTIME, ptr(time)) !== 0) return { adjusted: false, driftMs, error: `clock_settime: errno ${errno()}` };
  return { adjusted: true, driftMs };
}
