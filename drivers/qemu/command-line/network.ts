import type { ArgumentList } from "./arguments.ts";
import { virtio, type Plan } from "./plan.ts";

/** QEMU's own network, the one that needs no rights: the guest is 192.168.5.15, the host 192.168.5.2. */
export function networkArguments(list: ArgumentList, plan: Plan): void {
  list.add("-netdev", `user,id=net0,net=192.168.5.0/24,dhcpstart=192.168.5.15,hostfwd=tcp:127.0.0.1:${plan.sshLocalPort}-:22`);
  list.add("-device", `${virtio(plan.arch, "net")},netdev=net0,mac=${plan.mac}`);
}
