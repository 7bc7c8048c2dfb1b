import { escapeValue, type ArgumentList } from "./arguments.ts";
import type { Plan } from "./plan.ts";

/** Firmware or kernel, and the boot order. */
export function bootArguments(list: ArgumentList, plan: Plan): void {
  const { boot } = plan;
  switch (boot.kind) {
    case "uefi":
      // The code only: EFI variables are not kept, the guest boots by the fall-back path of its image.
      if (boot.firmware.as === "bios") list.once("-bios", boot.firmware.path);
      else list.add("-drive", `if=pflash,format=raw,readonly=on,file=${escapeValue(boot.firmware.path)}`);
      break;
    case "kernel":
      list.once("-kernel", boot.kernel);
      if (boot.cmdline !== undefined) list.once("-append", boot.cmdline);
      if (boot.initrd !== undefined) list.once("-initrd", boot.initrd);
      break;
    case "builtin":
      break;
  }
  if (plan.arch !== "s390x") list.once("-boot", `order=${plan.iso === undefined ? "c" : "d"},splash-time=0,menu=on`);
}
