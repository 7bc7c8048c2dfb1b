import type { Context } from "../../../lib/base/context.ts";
import { LimaError } from "../../../lib/base/errors.ts";
import type { Machine, RunningVm, StartOptions } from "../../../lib/driver/contract.ts";
import { buildCommandLine } from "../command-line/build.ts";
import { gatherPlan } from "../gather.ts";
import { versionText } from "../version.ts";
import { VmEvents } from "./events.ts";
import { findVm } from "./find.ts";
import { launchQemu } from "./launch.ts";
import { removeLeftovers, removeLogs } from "./leftovers.ts";
import { runningVm } from "./vm.ts";
import { openVnc } from "./vnc.ts";

/**
 * Boots an instance. Throws LimaError `VM_RUNNING` when its QEMU runs already, and what {@link gatherPlan} and
 * {@link launchQemu} throw.
 */
export async function startVm(ctx: Context, machine: Machine, options: StartOptions): Promise<RunningVm> {
  const { dir, name } = machine;
  const running = findVm(dir);
  if (running !== undefined) throw new LimaError("VM_RUNNING", `cannot start instance "${name}": its QEMU runs already (pid ${running.pid})`, { hint: `run "lima stop --force ${name}" first` });
  await removeLeftovers(dir);
  await removeLogs(dir);
  const { program, plan, reason } = await gatherPlan(ctx, machine, options.sshLocalPort);
  const { words, warnings } = buildCommandLine(plan);
  for (const warning of warnings) ctx.log.warn(warning);
  ctx.log.debug("QEMU command line", { words: [program, ...words] });
  options.signal.throwIfAborted();

  const events = new VmEvents(ctx, dir);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => removeLeftovers(dir));
  const { pid, qmp, exited } = await launchQemu(ctx, { name, dir, program, words, sshLocalPort: options.sshLocalPort, signal: options.signal, onEvent: events.onEvent });
  undo.defer(async () => {
    process.kill(pid, "SIGKILL");
    await exited;
  });
  await openVnc(machine, qmp);
  await events.watch(qmp);
  undo.move();

  const version = plan.version === undefined ? "QEMU" : `QEMU ${versionText(plan.version)}`;
  const description = `${version}, ${plan.arch}, ${plan.accelerator}${reason === undefined ? "" : ` (${reason})`}`;
  return runningVm(ctx, machine, { pid, description, emulated: plan.accelerator === "tcg", exited, qmp });
}
