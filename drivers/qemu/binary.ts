import { LimaError } from "../../lib/base/errors.ts";
import type { Arch } from "../../lib/config/schema.ts";
import { which } from "../../lib/host/which.ts";
import { qemuArch } from "./arch.ts";
import { installHint } from "./packages.ts";
import { shellWords } from "./shell-words.ts";

export interface QemuProgram {
  /** Absolute. */
  readonly path: string;
  /** Arguments that came with `$QEMU_SYSTEM_<ARCH>`; they come first and win over generated ones. */
  readonly leading: readonly string[];
}

/**
 * The QEMU for a guest architecture: `$QEMU_SYSTEM_X86_64` (`_AARCH64`, `_ARM`, `_PPC64`, `_RISCV64`, `_S390X`) split
 * like a shell line, else `qemu-system-<arch>` in PATH. Throws LimaError `QEMU_NOT_FOUND`, the hint naming the package.
 */
export function findQemu(arch: Arch, env: Readonly<Record<string, string | undefined>>): QemuProgram {
  const variable = `QEMU_SYSTEM_${qemuArch(arch).toUpperCase()}`;
  const [program = `qemu-system-${qemuArch(arch)}`, ...leading] = shellWords(env[variable] ?? "");
  const path = which(program, env);
  if (path === undefined) {
    const hint = env[variable] ? `correct $${variable}` : installHint("qemu", arch, env);
    throw new LimaError("QEMU_NOT_FOUND", `cannot run a ${arch} guest: ${program} not found`, { hint });
  }
  return { path, leading };
}
