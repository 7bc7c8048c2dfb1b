import { readFile } from "node:fs/promises";
import type { Context } from "../../base/context.ts";
import { LimaError } from "../../base/errors.ts";
import type { Arch } from "../../config/schema.ts";
import { exists } from "../../host/files.ts";
import { hostArch } from "../../host/machine.ts";
import { which } from "../../host/which.ts";
import { KEYRING } from "./suites.ts";

/** Programs that a build calls, and the Debian packages that have them. */
const TOOLS: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap", "qemu-img": "qemu-utils", mke2fs: "e2fsprogs", unshare: "util-linux", flock: "util-linux", xz: "xz-utils",
};

/** An ordinary user's PATH lacks the directories of mke2fs and chroot. */
export function programPath(env: Context["env"]): string {
  return [env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"].join(":");
}

/** Throws LimaError `UNSUPPORTED_HOST`, `PROGRAM_NOT_FOUND` or `KEYRING_MISSING`, naming everything to install at once. */
export async function requireTools(env: Context["env"], suite: string, arch: Arch, debianArch: string): Promise<void> {
  const action = `cannot build image "debian:${suite}"`;
  if (process.platform !== "linux") throw new LimaError("UNSUPPORTED_HOST", `${action}: only a Linux host can`);
  const path = { ...env, PATH: programPath(env) };
  const missing = Object.keys(TOOLS).filter((program) => which(program, path) === undefined);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => TOOLS[program]))].join(" ");
    throw new LimaError("PROGRAM_NOT_FOUND", `${action}: not installed: ${missing.join(", ")}`, { hint: `install the packages ${packages}, on Debian with: apt-get install ${packages}` });
  }
  if (!(await exists(KEYRING))) throw new LimaError("KEYRING_MISSING", `${action}: the keys of the Debian archive are missing (${KEYRING})`, { hint: "install the package debian-archive-keyring" });
  if (arch !== hostArch() && !(await emulates(arch))) {
    throw new LimaError("EMULATOR_MISSING", `${action} for ${arch} on a host of ${hostArch()}: programs of ${debianArch} do not run here`, { hint: "install the packages qemu-user-static and binfmt-support" });
  }
}

/** Whether the kernel starts programs of another architecture, also below a chroot (flag F: the emulator is held open). */
async function emulates(arch: Arch): Promise<boolean> {
  const entry = await readFile(`/proc/sys/fs/binfmt_misc/qemu-${arch}`, "utf8").catch(() => "");
  return entry.startsWith("enabled") && /^flags:.*F/m.test(entry);
}
