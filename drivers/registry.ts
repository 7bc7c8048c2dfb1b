import type { DriverRegistry } from "../lib/driver/contract.ts";

/** The built-in hypervisors; the only file in drivers/ that others may import. */
export const drivers: DriverRegistry = {
  qemu: () => import("./qemu/driver.ts"),
};
