export interface SshArgvOptions {
  /** Words of `$SSH`, or `ssh`. */
  readonly ssh: readonly [string, ...string[]];
  /** `KEY=VALUE` each. */
  readonly options: readonly string[];
  readonly port: number;
  /** Ask for a terminal in the guest. */
  readonly tty: boolean;
  /** OpenSSH's version, undefined when it is another program. */
  readonly version: readonly [number, number] | undefined;
  readonly sendColorterm: boolean;
  readonly script: string;
}

/** The command line that runs a script in the guest over OpenSSH, whatever the user's own ssh configuration says. */
export function sshArgv({ ssh, options, port, tty, version, sendColorterm, script }: SshArgvOptions): [string, ...string[]] {
  const [major, minor] = version ?? [Number.POSITIVE_INFINITY, 0];
  // Before 8.9, ERROR still lets the "shared connection closed" line through.
  const logLevel = major < 8 || (major === 8 && minor < 9) ? "QUIET" : "ERROR";
  return [
    ...ssh,
    "-F", "/dev/null",
    ...options.flatMap((o) => ["-o", o]),
    ...(tty ? ["-t"] : []),
    ...(sendColorterm ? ["-o", "SendEnv=COLORTERM"] : []),
    "-o", `LogLevel=${logLevel}`,
    "-p", String(port),
    "127.0.0.1",
    "--",
    script,
  ];
}
