import { open } from "node:fs/promises";
import { LimaError } from "../../../lib/base/errors.ts";

const TAIL_BYTES = 4096;

/** The last lines of QEMU's log, at most 4 KiB; empty when there is none. */
export async function readTail(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString("utf8", 0, bytesRead).trim();
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}

/** What the translation needs to know beside QEMU's words. */
export interface LastWordsContext {
  readonly instance: string;
  readonly sshLocalPort: number;
  /** Who holds that port now, if it can be told. */
  readonly portOwner: () => string | undefined;
  /** `status 1`, `signal SIGKILL`. */
  readonly ending: string;
  readonly logPath: string;
}

type Translation = (match: RegExpExecArray, context: LastWordsContext) => LimaError;

/** QEMU says what is wrong in prose only; the wording of these is stable from 4.0 to 10. */
const KNOWN: readonly (readonly [pattern: RegExp, translate: Translation])[] = [
  [/Could not set up host forwarding rule/, (_, { sshLocalPort, portOwner }) => {
    const owner = portOwner();
    return new LimaError("SSH_PORT_TAKEN", `cannot use ssh port ${sshLocalPort}: it is taken by ${owner ?? "another program"}`, { hint: "set ssh.localPort to 0 for a free one" });
  }],
  [/Failed to get (?:shared )?"[^"]+" lock/, (_, { instance }) =>
    new LimaError("DISK_IN_USE", `cannot start instance "${instance}": another process uses its disk`, { hint: `look for a QEMU that runs on it: "lima stop --force ${instance}"` })],
  [/Could not access KVM kernel module: (.*)/, ([, reason]) =>
    new LimaError("KVM_DENIED", `cannot use kvm: ${reason}`, { hint: 'join the group that owns /dev/kvm ("kvm" on most systems) and log in again' })],
  [/cannot set up guest memory '[^']*': (.*)/, ([, reason]) =>
    new LimaError("MEMORY", `cannot get the guest's memory: ${reason}`, { hint: 'lower "memory"' })],
  [/unable to find CPU model '([^']*)'/, ([, model]) =>
    new LimaError("CPU_TYPE", `cannot use CPU type "${model}": this QEMU does not know it`, { hint: 'correct "vmOpts.qemu.cpuType"' })],
  [/(?:network backend 'user' is not compiled into this (?:QEMU )?binary|expects a netdev backend type)/i, () =>
    new LimaError("QEMU_WITHOUT_SLIRP", "cannot give the guest a network: this QEMU was built without user networking (slirp)", { hint: "install your distribution's QEMU" })],
  [/Could not open '([^']*)': (.*)/, ([, path, reason]) =>
    new LimaError("FILE_UNREADABLE", `cannot open "${path}": ${reason}`)],
  [/Failed to bind socket to ([^:\n]*): (.*)/, ([, path, reason]) =>
    new LimaError("SOCKET_FAILED", `cannot make socket "${path}": ${reason}`)],
  [/Failed to find an available port: (.*)/, ([, reason]) =>
    new LimaError("VNC_PORT_TAKEN", `cannot open the VNC display: ${reason}`, { hint: 'change "video.vnc.display"' })],
];

/** Turns the words with which a QEMU ended at its start into the error for the user. */
export function translateLastWords(stderr: string, context: LastWordsContext): LimaError {
  for (const [pattern, translate] of KNOWN) {
    const match = pattern.exec(stderr);
    if (match) return translate(match, context);
  }
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/: (warning|info): /.test(line));
  const last = lines.at(-1)?.replace(/^qemu-system-[^:]*: /, "");
  return new LimaError("QEMU_FAILED", `cannot start instance "${context.instance}": QEMU ended with ${context.ending}${last === undefined ? "" : `: ${last}`}`, { hint: `see ${context.logPath}` });
}
