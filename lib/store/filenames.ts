/** Every name below LIMA_HOME, written down once. ARCHITECTURE.md has the table with who writes what and when. */

export const CONFIG_DIR = "_config";
export const DISKS_DIR = "_disks";
export const NETWORKS_DIR = "_networks";
export const TEMPLATES_DIR = "_templates";

/** In LIMA_HOME/_config. */
export const CONFIG_FILES = { userKey: "user", userPublicKey: "user.pub", default: "default.yaml", override: "override.yaml", base: "base.yaml", networks: "networks.yaml" } as const;

/** In an instance directory. */
export const FILES = {
  config: "lima.yaml",
  version: "lima-version",
  protected: "protected",
  cloudConfig: "cloud-config.yaml",
  /** State of the cloud-init inputs: the instance id and the hash it stands for. */
  instanceId: "instance-id.json",
  cidata: "cidata.iso",
  /** The image as it came; backing file of `diffdisk`. */
  baseDisk: "basedisk",
  diffDisk: "diffdisk",
  /** Directories made by the reference's 2.1 and later. */
  image: "image",
  disk: "disk",
  iso: "iso",
  kernel: "kernel",
  kernelCmdline: "kernel.cmdline",
  initrd: "initrd",
  qemuPid: "qemu.pid",
  /** What QEMU prints; of its last start only. */
  qemuLog: "qemu.stderr.log",
  qmpSock: "qmp.sock",
  efiCode: "qemu-efi-code.fd",
  serialLog: "serial.log",
  serialSock: "serial.sock",
  serialPciLog: "serialp.log",
  serialPciSock: "serialp.sock",
  serialVirtioLog: "serialv.log",
  serialVirtioSock: "serialv.sock",
  /** Host end of the boot progress port. */
  bootSock: "boot.sock",
  sshSock: "ssh.sock",
  sshConfig: "ssh.config",
  vncDisplay: "vncdisplay",
  vncPassword: "vncpassword",
  /** Host end of the guest agent's port. */
  agentSock: "ga.sock",
  hostAgentPid: "ha.pid",
  hostAgentSock: "ha.sock",
  hostAgentStdout: "ha.stdout.log",
  hostAgentStderr: "ha.stderr.log",
  /** Held with flock by the running host agent; holds its identity as JSON. */
  hostAgentLock: "ha.lock",
} as const;

/** Names with these endings are transient: gone after a forced stop, skipped by clone. `ha.lock` is not among them: a lock file that is unlinked guards nothing. */
export const TRANSIENT_SUFFIXES = [".pid", ".sock", ".tmp"] as const;

/** OpenSSH appends a dot and 16 random characters to ControlPath while it creates the socket: the longest path we need. */
export const LONGEST_SOCKET = `${FILES.sshSock}.1234567890123456`;

/** 104 bytes is macOS's sun_path, Linux allows 108; we keep the smaller so that homes can move. */
export const SOCKET_PATH_MAX = 104;
