import type { ArgumentList } from "./arguments.ts";
import { virtio, type Plan } from "./plan.ts";

/** QEMU's own network, the one that needs no rights: the guest is 192.168.5.15, the host 192.168.5.2. */
export function networkArguments(list: ArgumentList, plan: Plan): void {
  list.add("-netdev", `user,id=net0,net=192.168.5.0/24,dhcpstart=192.168.5.15,hostfwd=tcp:127.0.0.1:${plan.sshLocalPort}-:22`);
  // Without the network boot ROM: nobody boots from the network, firmware runs it at every start, and it is a package of its own.
  const rom = plan.arch === "s390x" ? "" : ",romfile=";
  list.add("-device", `${virtio(plan.arch, "net")},netdev=net0,mac=${plan.mac}${rom}`);
}
