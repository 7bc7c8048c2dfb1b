import type { Context } from "../../../lib/base/context.ts";
import { messageOf } from "../../../lib/base/errors.ts";
import type { VmExit } from "../../../lib/driver/contract.ts";
import { killProcess } from "../../../lib/host/process.ts";
import { QmpError, type Qmp } from "../qmp/client.ts";
import { removeLeftovers } from "./leftovers.ts";
import { connectMonitor } from "./monitor.ts";
import { settlesWithin } from "./wait.ts";

export interface Target {
  readonly ctx: Context;
  readonly dir: string;
  readonly pid: number;
  readonly qmp: Qmp;
  readonly exited: Promise<VmExit>;
}

/** A guest that is still booting does not listen to its power button: press again, soon at first. */
const PRESS_AGAIN_MS = [5_000, 10_000, 20_000] as const;
/** `quit` writes out what QEMU holds of the disk. */
const QUIT_LIMIT_MS = 5_000;
const KILL_LIMIT_MS = 10_000;
const GOING_MS = 1_000;
const LOOK_MS = 1_000;
/** So many looks at a guest that stands still because the host's disk is full. */
const BLOCKED_LIMIT = 5;
const RECONNECT_LIMIT_MS = 5_000;

/** The VM's own connection, or a new one when that broke. Undefined when QEMU does not talk. */
async function monitor({ dir, qmp }: Target): Promise<Qmp | undefined> {
  if (qmp.isOpen) return qmp;
  return connectMonitor(dir, { timeoutMs: RECONNECT_LIMIT_MS }).catch(() => undefined);
}

/**
 * Presses the power button until the guest is gone. False when `timeoutMs` is over, or before where waiting is of no use:
 * QEMU does not talk, its CPU broke, or the guest cannot go on for want of disk space.
 */
async function askGuest({ exited }: Target, qmp: Qmp, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  let nextPress = 0;
  let presses = 0;
  let blocked = 0;
  for (;;) {
    const { status } = await qmp.command("query-status");
    if (status === "internal-error" || blocked === BLOCKED_LIMIT) return false;
    blocked = status === "io-error" ? blocked + 1 : 0;
    if (status === "io-error" || status === "paused") await qmp.command("cont");
    if (performance.now() >= nextPress) {
      await qmp.command("system_powerdown");
      nextPress = performance.now() + (PRESS_AGAIN_MS[Math.min(presses++, PRESS_AGAIN_MS.length - 1)] ?? timeoutMs);
    }
    const left = deadline - performance.now();
    if (await settlesWithin(exited, Math.max(0, Math.min(left, LOOK_MS)))) return true;
    if (left <= LOOK_MS) return false;
  }
}

async function tryGuest(target: Target, timeoutMs: number): Promise<boolean> {
  try {
    const qmp = await monitor(target);
    if (qmp !== undefined) return await askGuest(target, qmp, timeoutMs);
  } catch (error) {
    if (!(error instanceof QmpError)) throw error;
  }
  // A monitor that went away may be QEMU's end.
  return settlesWithin(target.exited, GOING_MS);
}

async function forceOff(target: Target): Promise<void> {
  const { ctx, pid, exited } = target;
  const qmp = await monitor(target);
  try {
    await qmp?.command("quit", undefined, QUIT_LIMIT_MS);
    if (qmp !== undefined && (await settlesWithin(exited, QUIT_LIMIT_MS))) return;
  } catch (error) {
    if (!(error instanceof QmpError)) throw error;
    if (await settlesWithin(exited, 0)) return;
    ctx.log.debug("QEMU does not quit", { error: messageOf(error) });
  }
  killProcess(pid, "SIGKILL");
  if (!(await settlesWithin(exited, KILL_LIMIT_MS))) ctx.log.error(`QEMU (pid ${pid}) is still there ${KILL_LIMIT_MS / 1000} s after SIGKILL: its disk may hang`);
}

/**
 * Asks the guest to power down, for at most `timeoutMs`; then ends QEMU, and kills it when it does not end. Resolves when
 * QEMU is gone and its pid file and sockets are removed; true when the guest obeyed.
 */
export async function powerDown(target: Target, timeoutMs: number): Promise<boolean> {
  const since = performance.now();
  const obeyed = await tryGuest(target, timeoutMs);
  if (!obeyed) {
    target.ctx.log.warn(`the guest did not power down (waited ${Math.round((performance.now() - since) / 1000)} s), ending QEMU`);
    await forceOff(target);
  }
  await removeLeftovers(target.dir);
  return obeyed;
}
