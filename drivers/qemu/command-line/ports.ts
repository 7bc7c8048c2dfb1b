import { BOOT_PORT } from "../../../lib/protocol/boot.ts";
import { AGENT_PORT } from "../../../lib/protocol/guest.ts";
import { escapeValue, type ArgumentList } from "./arguments.ts";
import { virtio, type Plan } from "./plan.ts";

function socketChardev(list: ArgumentList, id: string, path: string, log?: string): void {
  list.add("-chardev", `socket,id=${id},path=${escapeValue(path)},server=on,wait=off${log === undefined ? "" : `,logfile=${escapeValue(log)}`}`);
}

/** Serial consoles (socket and log each), the virtio ports that the host agent talks over, and QMP. */
export function portArguments(list: ArgumentList, plan: Plan): void {
  const { files, sockets } = plan;
  socketChardev(list, "char-serial", sockets.serial, files.serialLog);
  list.add("-serial", "chardev:char-serial");
  if (sockets.serialPci !== undefined) {
    socketChardev(list, "char-serial-pci", sockets.serialPci, files.serialPciLog);
    list.add("-device", "pci-serial,chardev=char-serial-pci");
  }
  list.add("-device", `${virtio(plan.arch, "serial")},id=virtio-serial0`);
  // The console takes port 0; the others are found in the guest by their names.
  socketChardev(list, "char-serial-virtio", sockets.serialVirtio, files.serialVirtioLog);
  list.add("-device", "virtconsole,bus=virtio-serial0.0,chardev=char-serial-virtio,id=console0");
  socketChardev(list, "char-agent", sockets.agent);
  list.add("-device", `virtserialport,bus=virtio-serial0.0,nr=1,chardev=char-agent,name=${AGENT_PORT}`);
  socketChardev(list, "char-boot", sockets.boot);
  list.add("-device", `virtserialport,bus=virtio-serial0.0,nr=2,chardev=char-boot,name=${BOOT_PORT}`);
  socketChardev(list, "char-qmp", sockets.qmp);
  list.add("-qmp", "chardev:char-qmp");
}
