import type { Context } from "../../../lib/base/context.ts";
import { exec } from "../../../lib/base/exec.ts";
import { hostArch } from "../../../lib/host/machine.ts";
import type { Host } from "./choose.ts";
import { readKvmFacts } from "./kvm.ts";
import { tryAccelerator } from "./trial.ts";

/** This host, for {@link chooseAccelerator}: each question is answered only when it is asked. */
export function thisHost(ctx: Context, program: string, compiledIn: readonly string[]): Host {
  const arch = hostArch();
  return {
    arch,
    compiledIn,
    kvm: readKvmFacts,
    tryKvm: () => (arch === "x86_64" ? tryAccelerator(ctx, program, "kvm") : Promise.resolve(undefined)),
    hvf: async () => (await exec(["sysctl", "-n", "kern.hv_support"])).stdout.trim() === "1",
  };
}
