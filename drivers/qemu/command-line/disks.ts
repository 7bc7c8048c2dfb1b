import { escapeValue, type ArgumentList } from "./arguments.ts";
import { virtio, type Plan } from "./plan.ts";

/**
 * The boot disk (`vda`), the ISO to boot from if there is one, and cidata.iso on a SCSI bus of its own, so that it takes
 * no letter from the disks.
 */
export function diskArguments(list: ArgumentList, plan: Plan): void {
  const { disk } = plan;
  // QEMU's default cache mode, writeback: the guest's flushes reach the host's disk, everything else may wait.
  list.add("-drive", `file=${escapeValue(disk.path)},if=none,id=boot-disk,format=${disk.format},discard=on`);
  // With an ISO the boot order decides, and a bootindex would overrule it.
  list.add("-device", `${virtio(plan.arch, "blk")},drive=boot-disk${plan.iso === undefined ? ",bootindex=1" : ""}`);
  list.add("-device", `${virtio(plan.arch, "scsi")},id=scsi0`);
  if (plan.iso !== undefined) {
    const iso = `file=${escapeValue(plan.iso)},format=raw,media=cdrom,readonly=on`;
    if (plan.arch === "x86_64") list.add("-drive", iso);
    else {
      list.add("-drive", `${iso},if=none,id=cdrom1`);
      list.add("-device", "scsi-cd,bus=scsi0.0,drive=cdrom1,bootindex=0");
    }
  }
  list.add("-drive", `id=cdrom0,if=none,format=raw,readonly=on,file=${escapeValue(plan.files.cidata)}`);
  list.add("-device", "scsi-cd,bus=scsi0.0,drive=cdrom0");
}
