/** Names for `list --list-fields`, without the deprecated ones. Apart from the fields themselves, which need much more code. */
export const FIELD_NAMES = [
  "Arch", "CPUs", "Config", "Dir", "Disk", "DriverPID", "Errors", "HostAgentPID", "Hostname", "LimaVersion", "Memory", "Message", "Name",
  "Param", "Protected", "SSHAddress", "SSHConfigFile", "SSHLocalPort", "Status", "VMType",
] as const;
