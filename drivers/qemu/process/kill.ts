import { LimaError } from "../../../lib/base/errors.ts";
import { killProcess, waitForExit } from "../../../lib/host/process.ts";
import { findVm } from "./find.ts";
import { removeLeftovers } from "./leftovers.ts";

/** The kernel frees gigabytes of memory before a killed QEMU is gone. */
const KILL_LIMIT_MS = 10_000;

/** Ends an instance's QEMU at once, if one runs, and removes what it left. Throws LimaError `VM_UNKILLABLE` when it will not die. */
export async function killVm(dir: string): Promise<void> {
  const vm = findVm(dir);
  if (vm !== undefined) {
    killProcess(vm.pid, "SIGKILL");
    if (!(await waitForExit(vm.pid, KILL_LIMIT_MS))) {
      throw new LimaError("VM_UNKILLABLE", `cannot end QEMU (pid ${vm.pid}): it is still there ${KILL_LIMIT_MS / 1000} s after SIGKILL`, { hint: "its disk may hang" });
    }
  }
  await removeLeftovers(dir);
}
