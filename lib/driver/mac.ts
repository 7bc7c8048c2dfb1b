import { createHash } from "node:crypto";
import { machineId } from "../host/machine.ts";

/**
 * MAC address of an instance's first network card: stable for this host and instance directory, told to the hypervisor
 * and to the guest's network configuration alike. `unique` is the instance directory, as in the reference.
 */
export function macAddress(unique: string): string {
  const digest = createHash("sha256").update(machineId() + unique).digest();
  return [0x52, 0x55, 0x55, ...digest.subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
