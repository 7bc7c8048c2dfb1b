/**
 * What the serial log gives away about a boot that goes wrong. A rule turns evidence into one line for the user;
 * `fatal` means that this boot cannot succeed any more, so waiting on would only waste the user's time.
 */
export interface Diagnosis {
  /** Lower case, completes "the boot failed: ...". */
  readonly cause: string;
  readonly remedy: string;
  readonly fatal: boolean;
}

interface Rule extends Omit<Diagnosis, "cause"> {
  readonly pattern: RegExp;
  readonly cause: (match: RegExpExecArray) => string;
}

const RULES: readonly Rule[] = [
  {
    pattern: /VFS: (?:Cannot open root device|Unable to mount root fs)[^\r\n]*/,
    cause: (m) => `the guest kernel found no root file system (${m[0]})`,
    remedy: "the image, its kernel and its initrd do not belong together; try another image",
    fatal: true,
  },
  {
    // initramfs-tools; dracut; the initrd of our own debian:SUITE images.
    pattern: /ALERT!\s+(\S+) does not exist|Gave up waiting for root|dracut: FATAL: [^\r\n]*root|initrd: cannot (?:find|mount) the root file system (\S+)/,
    cause: (m) => `the initial ramdisk found no root device${(m[1] ?? m[2]) === undefined ? "" : ` (${m[1] ?? m[2]})`}`,
    remedy: "the image lacks virtio drivers or its kernel command line names another disk",
    fatal: true,
  },
  {
    pattern: /Kernel panic - not syncing: ([^\r\n]*)/,
    cause: (m) => `the guest kernel panicked: ${m[1]?.trim() ?? ""}`,
    remedy: "the image does not work on this CPU model or is damaged; try another image or more memory",
    fatal: true,
  },
  {
    pattern: /No bootable device|BdsDxe: No bootable option|BdsDxe: failed to load [^\r\n]*Not Found[\s\S]*(?:Shell>|UEFI Interactive Shell)/,
    cause: () => "the firmware found nothing to boot on the disk",
    remedy: "the image is no bootable disk image for this architecture; for a BIOS-only image set firmware.legacyBIOS",
    fatal: true,
  },
  {
    pattern: /grub rescue>|error: (?:unknown filesystem|no such (?:device|partition))[^\r\n]*/,
    cause: () => "the boot loader GRUB could not find its files",
    remedy: "the image is damaged; try another image",
    fatal: true,
  },
  {
    pattern: /You are in emergency mode|Entering emergency mode|Cannot open access to console, the root account is locked/,
    cause: () => "the guest fell into emergency mode",
    remedy: "a file system of the guest could not be mounted or checked",
    fatal: true,
  },
  {
    pattern: /No space left on device/,
    cause: () => "the guest's disk is full",
    remedy: 'give it a larger one with "disk:" in lima.yaml and start again',
    fatal: false,
  },
  {
    pattern: /Out of memory: Killed process \d+ \(([^)]+)\)/,
    cause: (m) => `the guest ran out of memory (killed ${m[1] ?? ""})`,
    remedy: 'give it more with "memory:" in lima.yaml',
    fatal: false,
  },
  {
    pattern: /Failed to start (?:ssh\.service|sshd\.service|OpenSSH)[^\r\n]*/,
    cause: () => "the ssh server of the guest failed to start",
    remedy: "see the serial log for its messages",
    fatal: false,
  },
];

/** Colours and cursor movements that systemd and firmware write between the words. */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?=]*[A-Za-z]|\u0000/g;

/** The first rule that a piece of the serial log matches; undefined when nothing in it is known to be bad. */
export function diagnose(serialText: string): Diagnosis | undefined {
  const text = serialText.replace(ESCAPES, "");
  for (const { pattern, cause, remedy, fatal } of RULES) {
    const match = pattern.exec(text);
    if (match) return { cause: cause(match), remedy, fatal };
  }
  return undefined;
}
