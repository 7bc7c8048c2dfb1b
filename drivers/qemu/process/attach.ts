import { join } from "node:path";
import type { Context } from "../../../lib/base/context.ts";
import { codeOf } from "../../../lib/base/errors.ts";
import type { Machine, RunningVm, VmExit } from "../../../lib/driver/contract.ts";
import { isSameProcess, processIdentity, type ProcessIdentity } from "../../../lib/host/process.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import { acceleratorOf } from "../command-line/read.ts";
import { QmpError, type Qmp } from "../qmp/client.ts";
import { versionText } from "../version.ts";
import { VmEvents } from "./events.ts";
import { findVm } from "./find.ts";
import { killVm } from "./kill.ts";
import { readTail } from "./last-words.ts";
import { connectMonitor } from "./monitor.ts";
import { runningVm } from "./vm.ts";

/** A QEMU in order answers in milliseconds. */
const ANSWER_LIMIT_MS = 3_000;
const LOOK_MS = 20;

/**
 * Not our child, so its end is not told: the monitor's is, and then the process is looked at until it is gone. The pid
 * file does not tell: QEMU removes it while it still holds the disk.
 */
async function end(dir: string, identity: ProcessIdentity | undefined, qmp: Qmp): Promise<VmExit> {
  await qmp.closed;
  while (identity !== undefined && isSameProcess(identity)) await Bun.sleep(LOOK_MS);
  return { stderr: await readTail(join(dir, FILES.qemuLog)) };
}

/**
 * Takes over the QEMU that a dead host agent left running; undefined when there is none. One that does not answer within
 * 3 s could be neither watched nor stopped: it is killed, and there is none.
 */
export async function attachVm(ctx: Context, machine: Machine): Promise<RunningVm | undefined> {
  const { dir } = machine;
  const found = findVm(dir);
  if (found === undefined) return undefined;
  const identity = processIdentity(found.pid);
  const events = new VmEvents(ctx, dir);
  let qmp: Qmp;
  try {
    qmp = await connectMonitor(dir, { timeoutMs: ANSWER_LIMIT_MS, onEvent: events.onEvent });
    await events.watch(qmp);
  } catch (error) {
    if (!(error instanceof QmpError) && codeOf(error) === undefined) throw error;
    ctx.log.warn(`the QEMU that was left running (pid ${found.pid}) does not answer, ending it`);
    await killVm(dir);
    return undefined;
  }
  const accelerator = acceleratorOf(found.commandLine);
  const version = qmp.version === undefined ? "QEMU" : `QEMU ${versionText(qmp.version)}`;
  return runningVm(ctx, machine, {
    pid: found.pid,
    description: `${version}, ${machine.config.arch}, ${accelerator}, taken over`,
    emulated: accelerator === "tcg",
    exited: end(dir, identity, qmp),
    qmp,
  });
}
