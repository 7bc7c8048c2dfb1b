import { join } from "node:path";
import { LimaError } from "../base/errors.ts";
import { fitsSocketPath, socketPath } from "../host/sockets.ts";
import { FILES } from "../store/filenames.ts";
import { dotSshKeys, identityPaths } from "./identity.ts";
import { findOpenSsh } from "./openssh.ts";

export interface SshOptionsInput {
  /** LIMA_HOME. */
  readonly home: string;
  /** Instance directory. */
  readonly dir: string;
  readonly cacheDir: string;
  /** Guest user. */
  readonly user: string;
  readonly loadDotSSHPubKeys: boolean;
  readonly forwardAgent: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The ControlPath of an instance: `ssh.sock`, or its short stand-in when the path is too long for a socket. */
export function controlPath(dir: string): string {
  const direct = join(dir, FILES.sshSock);
  return fitsSocketPath(direct) ? direct : socketPath(dir, FILES.sshSock);
}

/**
 * The `KEY=VALUE` options every ssh to the guest gets, without address and port. Host keys are not checked: the peer is
 * a port of 127.0.0.1 that our own QEMU forwards.
 * Throws LimaError `SSH_OPTION` when a value holds a line break, which would smuggle further options into a config file.
 */
export async function sshOptions(input: SshOptionsInput): Promise<readonly string[]> {
  const ssh = await findOpenSsh(input.env, input.cacheDir);
  const own = input.loadDotSSHPubKeys ? await dotSshKeys(input.env["HOME"] ?? "") : [];
  const identities = [identityPaths(input.home).privateKey, ...own.flatMap((k) => (k.privateKey === undefined ? [] : [k.privateKey]))];
  const [major, minor] = ssh?.version ?? [0, 0];
  const canPrependCiphers = major > 8 || (major === 8 && minor >= 1);
  const options = [
    ...identities.map((path) => `IdentityFile="${path}"`),
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "NoHostAuthenticationForLocalhost=yes",
    "PreferredAuthentications=publickey",
    "Compression=no",
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    ...(ssh?.gssapi === true ? ["GSSAPIAuthentication=no"] : []),
    ...(canPrependCiphers ? [`Ciphers="${ssh?.aes === true ? "^aes128-gcm@openssh.com,aes256-gcm@openssh.com" : "^chacha20-poly1305@openssh.com"}"`] : []),
    `User=${input.user}`,
    "ControlMaster=auto",
    `ControlPath="${controlPath(input.dir)}"`,
    "ControlPersist=yes",
    ...(input.forwardAgent ? ["ForwardAgent=yes"] : []),
  ];
  const bad = options.find((o) => /[\r\n]/.test(o));
  if (bad !== undefined) throw new LimaError("SSH_OPTION", `cannot use ssh option ${JSON.stringify(bad)}: it holds a line break`);
  return options;
}

/** Text of ssh.config for `ssh -F`: the options as one Host block. */
export function sshConfigText(options: readonly string[], name: string, hostname: string, port: number): string {
  const lines = options.map((o) => `  ${o.replace("=", " ")}`);
  return [
    `# ssh configuration of the Lima instance "${name}", rewritten at each start.`,
    `# Use it with "ssh -F FILE ${hostname}", or include it from ~/.ssh/config.`,
    "# \"lima shell\" uses the same options.",
    `Host ${hostname}`,
    ...lines,
    "  Hostname 127.0.0.1",
    `  Port ${port}`,
    "",
  ].join("\n");
}

export { portOfSshConfig } from "./config-file.ts";
