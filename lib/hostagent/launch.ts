import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError } from "../base/errors.ts";
import { generateCidata } from "../cidata/generate.ts";
import type { Driver, Machine, RunningVm } from "../driver/contract.ts";
import { macAddress } from "../driver/mac.ts";
import { writeFileAtomic } from "../host/files.ts";
import { freeTcpPort, isTcpPortFree, tcpPortOwner } from "../host/ports.ts";
import { hostUser } from "../host/user.ts";
import { BOOT_PORT } from "../protocol/boot.ts";
import { AGENT_PORT } from "../protocol/guest.ts";
import { authorizedKeys, identityPaths } from "../ssh/identity.ts";
import { findOpenSsh } from "../ssh/openssh.ts";
import { portOfSshConfig, sshConfigText, sshOptions } from "../ssh/options.ts";
import { hostnameOf } from "../store/dirs.ts";
import { FILES } from "../store/filenames.ts";
import { SshLink } from "./ssh-link.ts";

export interface Launched {
  readonly vm: RunningVm;
  readonly sshLocalPort: number;
  readonly ssh: SshLink;
  /** The VM ran already, left behind by a host agent that died. */
  readonly attached: boolean;
}

/** QEMU's user network, the same for every instance. */
const SLIRP = { gateway: "192.168.5.2", dns: "192.168.5.3", guest: "192.168.5.15" } as const;

/** Somebody may take a port between our asking for a free one and QEMU's binding it. */
const PORT_ATTEMPTS = 3;

const PROXY_NAMES = ["ftp_proxy", "http_proxy", "https_proxy", "no_proxy"] as const;

function proxyVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries([...PROXY_NAMES, ...PROXY_NAMES.map((n) => n.toUpperCase())].flatMap((n) => (env[n] === undefined ? [] : [[n, env[n]]])));
}

/** Brings the VM to life: takes over a running one, else makes the seed image and boots. */
export async function launch(ctx: Context, driver: Driver, machine: Machine, guestAgent: string | undefined): Promise<Launched> {
  const sshConfig = join(machine.dir, FILES.sshConfig);
  const running = await driver.attach(machine);
  if (running) {
    const port = portOfSshConfig(await readFile(sshConfig, "utf8").catch(() => ""));
    if (port !== undefined) return { vm: running, sshLocalPort: port, ssh: await sshLink(ctx, machine, port), attached: true };
    ctx.log.warn("the running VM has no known ssh port: it is stopped and started anew");
    await running.stop(0);
  }
  await driver.validate(machine);
  await makeSeed(ctx, driver, machine, guestAgent);
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(driver, machine);
    await writeFileAtomic(sshConfig, sshConfigText(await options(ctx, machine), machine.name, hostnameOf(machine.name), port), 0o600);
    try {
      const vm = await driver.start(machine, { sshLocalPort: port, signal: ctx.signal });
      return { vm, sshLocalPort: port, ssh: await sshLink(ctx, machine, port), attached: false };
    } catch (error) {
      if (codeOf(error) !== "SSH_PORT_TAKEN" || machine.config.ssh.localPort !== 0 || attempt === PORT_ATTEMPTS) throw error;
      ctx.log.warn(`port ${port} was taken by another program just now: trying another`);
    }
  }
}

async function choosePort(driver: Driver, machine: Machine): Promise<number> {
  const { localPort } = machine.config.ssh;
  if (driver.features.staticSshPort !== undefined) return driver.features.staticSshPort;
  if (localPort === 0) return freeTcpPort();
  if (!(await isTcpPortFree(localPort))) {
    const owner = tcpPortOwner(localPort);
    throw new LimaError("SSH_PORT_TAKEN", `cannot use ssh port ${localPort}: it is in use${owner === undefined ? "" : ` by ${owner}`}`, { hint: 'stop that program, or set "ssh.localPort" in lima.yaml to 0 or another port' });
  }
  return localPort;
}

async function makeSeed(ctx: Context, driver: Driver, machine: Machine, guestAgent: string | undefined): Promise<void> {
  const { config, dir, name } = machine;
  await generateCidata({
    name, dir, config,
    hostname: hostnameOf(name),
    authorizedKeys: await authorizedKeys(ctx.home, hostUser().home, config.ssh.loadDotSSHPubKeys),
    guestAgent: config.plain ? undefined : guestAgent,
    debug: ctx.debug,
    slirp: SLIRP,
    dnsPorts: { udp: 0, tcp: 0 },
    macAddress: macAddress(dir),
    vmType: driver.name,
    virtioPort: AGENT_PORT,
    bootPort: BOOT_PORT,
    proxyEnv: config.propagateProxyEnv ? proxyVariables(ctx.env) : {},
  });
}

function options(ctx: Context, machine: Machine): Promise<readonly string[]> {
  const { ssh, user } = machine.config;
  return sshOptions({ home: ctx.home, dir: machine.dir, cacheDir: ctx.cacheDir, user: user.name, loadDotSSHPubKeys: ssh.loadDotSSHPubKeys, forwardAgent: ssh.forwardAgent, env: ctx.env });
}

async function sshLink(ctx: Context, machine: Machine, port: number): Promise<SshLink> {
  return new SshLink({
    dir: machine.dir,
    target: { port, user: machine.config.user.name, identityFile: identityPaths(ctx.home).privateKey },
    options: await options(ctx, machine),
    openSsh: (await findOpenSsh(ctx.env, ctx.cacheDir)) !== undefined,
    env: ctx.env,
    log: ctx.log,
  });
}
