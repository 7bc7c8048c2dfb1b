import { expect, test } from "bun:test";
import { diagnose } from "./diagnose.ts";

// Lines as kernels, initramfs-tools, OVMF, GRUB and systemd print them.
const cases: readonly (readonly [string, string, boolean])[] = [
  ["[    2.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100", "panicked: Attempted to kill init", true],
  ["[    2.0] VFS: Cannot open root device \"vda9\" or unknown-block(0,0): error -6\n[    2.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", "no root file system", true],
  ["Gave up waiting for root file system device.  Common problems:", "no root device", true],
  ["ALERT!  /dev/vda9 does not exist.  Dropping to a shell!", "/dev/vda9", true],
  ["initrd: cannot find the root file system /dev/vdz among these:\nmajor minor\n[   38.0] Kernel panic - not syncing: Attempted to kill init!", "/dev/vdz", true],
  ["BdsDxe: No bootable option or device was found.", "nothing to boot", true],
  ["No bootable device.", "nothing to boot", true],
  ["error: unknown filesystem.\r\nEntering rescue mode...\r\ngrub rescue> ", "GRUB", true],
  ["\u001b[0;1;31mYou are in emergency mode.\u001b[0m After logging in", "emergency mode", true],
  ["cp: error writing '/usr/local/bin/x': No space left on device", "disk is full", false],
  ["[  100.0] Out of memory: Killed process 411 (python3) total-vm:1", "python3", false],
  ["[\u001b[0;1;31mFAILED\u001b[0m] Failed to start \u001b[0;1;39mssh.service\u001b[0m - OpenBSD Secure Shell server.", "ssh server", false],
];

test.each(cases)("diagnose(%j)", (text, cause, fatal) => {
  const found = diagnose(`[    0.0] Linux version 6.12\n${text}\n`);
  expect(found?.cause).toContain(cause);
  expect(found?.fatal).toBe(fatal);
});

test("diagnose() finds nothing in a healthy boot", () => {
  expect(diagnose("Linux version 6.12\n[  OK  ] Started ssh.service - OpenBSD Secure Shell server.\nlima-default login: ")).toBeUndefined();
});
