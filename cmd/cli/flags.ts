import type { Flags, FlagsDef } from "./define.ts";

/** Accepted before and after every verb. */
export const GLOBAL_FLAGS = {
  "log-level": { type: "string", valueHint: "LEVEL", description: "Least severe log lines to show: trace, debug, info, warning, error, fatal, panic (default info)" },
  "log-format": { type: "string", valueHint: "FORMAT", description: "Form of the log: text or json (default text)" },
  debug: { type: "boolean", description: "Debug mode: more log lines, here and in the guest" },
  tty: { type: "boolean", description: "Allow interactive questions and progress bars (default: whether stdout is a terminal)" },
  yes: { type: "boolean", alias: "y", description: "Same as --tty=false" },
  help: { type: "boolean", alias: "h", description: "Show help" },
} as const satisfies FlagsDef;

/** Accepted before the verb only. */
export const ROOT_FLAGS = {
  ...GLOBAL_FLAGS,
  version: { type: "boolean", alias: "v", description: "Show the version" },
} as const satisfies FlagsDef;

export type GlobalFlags = Flags<typeof GLOBAL_FLAGS>;

/** Of `lima shell`; also what `lima` takes before a guest command. */
export const SHELL_FLAGS = {
  instance: { type: "string", hidden: true, description: "Instance; all words are then the command" },
  shell: { type: "string", valueHint: "PATH", description: "Shell to run instead of the guest user's" },
  workdir: { type: "string", valueHint: "DIR", description: "Directory in the guest; it must exist" },
  start: { type: "boolean", description: "Start the instance first if it is stopped" },
  "preserve-env": { type: "boolean", description: "Pass the host's environment on (see LIMA_SHELLENV_BLOCK and LIMA_SHELLENV_ALLOW)" },
  reconnect: { type: "boolean", description: "Close the shared ssh connection first" },
} as const satisfies FlagsDef;

/** Change the configuration; see cmd/cli/edits.ts for what each does. For existing and new instances. */
export const EDIT_FLAGS = {
  cpus: { type: "string", as: "int", valueHint: "N", description: "Number of CPUs" },
  memory: { type: "string", as: "float", valueHint: "GIB", description: "Memory in GiB" },
  disk: { type: "string", as: "float", valueHint: "GIB", description: "Disk size in GiB; it can only grow" },
  dns: { type: "string", as: "list", valueHint: "IP", description: "DNS server of the guest; repeatable" },
  "vm-type": { type: "string", valueHint: "NAME", description: "Hypervisor (see --list-drivers of create)" },
  set: { type: "string", as: "texts", valueHint: "EXPR", description: "Change the configuration with a yq expression such as '.mounts[0].writable = true'; repeatable" },
  param: { type: "string", as: "texts", valueHint: "KEY=VALUE", description: "Set a parameter of the template; repeatable" },
  video: { type: "boolean", description: "Show the guest's screen (--video=false: none)" },
  "ssh-port": { type: "string", as: "port", valueHint: "PORT", description: "Port of the guest's sshd on the host; 0 chooses a free one" },
  shell: { type: "string", valueHint: "PATH", description: "Login shell of the guest user" },
} as const satisfies FlagsDef;

/** Only make sense while there is no disk yet. */
export const NEW_FLAGS = {
  arch: { type: "string", valueHint: "ARCH", description: "Architecture of the guest: x86_64, aarch64, riscv64, armv7l, s390x, ppc64le" },
  plain: { type: "boolean", description: "Plain mode: no guest agent, mounts or port forwards" },
} as const satisfies FlagsDef;

export const CREATE_FLAGS = {
  name: { type: "string", valueHint: "NAME", description: "Name of the new instance" },
  ...EDIT_FLAGS,
  ...NEW_FLAGS,
} as const satisfies FlagsDef;
