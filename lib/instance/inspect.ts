import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import { readInstanceConfig } from "../config/read.ts";
import type { Config } from "../config/schema.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { hostnameOf } from "../store/dirs.ts";
import { FILES } from "../store/filenames.ts";
import { existingDir, instanceVersion, isProtected } from "../store/instance.ts";
import { hostFacts } from "./host-facts.ts";
import { renderMessage } from "./message.ts";
import { lastSshPort } from "./ssh-port.ts";
import { findLive, type Live, type Status, statusOf } from "./status.ts";

/** Everything that can be told about an instance. */
export interface Instance {
  readonly name: string;
  readonly hostname: string;
  readonly status: Status;
  readonly dir: string;
  /** The configuration with defaults; absent when it cannot be read. */
  readonly config?: Config;
  /** `message` of the configuration, its template filled in. */
  readonly message: string;
  readonly sshAddress: string;
  /** 0 when it is chosen at each start and there was none yet. */
  readonly sshLocalPort: number;
  readonly sshConfigFile: string;
  readonly live: Live;
  /** What is wrong with it. */
  readonly errors: readonly string[];
  readonly protected: boolean;
  readonly limaVersion: string;
}

/**
 * Finds out all about one instance. A bad one is described, with what is wrong in `errors`.
 * Throws LimaError `INSTANCE_NOT_FOUND` when there is nothing of that name.
 */
export async function inspectInstance(ctx: Context, drivers: DriverRegistry, name: string): Promise<Instance> {
  const dir = existingDir(ctx.home, name);
  const common = {
    name, dir,
    hostname: hostnameOf(name),
    sshAddress: "127.0.0.1",
    sshConfigFile: join(dir, FILES.sshConfig),
    protected: isProtected(dir),
    limaVersion: instanceVersion(dir),
  };
  const bad = async (status: Status, error: string): Promise<Instance> =>
    ({ ...common, status, message: "", sshLocalPort: lastSshPort(dir), live: await findLive(ctx, drivers, dir), errors: [error] });
  if (!existsSync(join(dir, FILES.config))) return bad("Broken", `"${dir}" has no ${FILES.config}`);
  let config: Config;
  try {
    ({ config } = await readInstanceConfig(ctx, name));
  } catch (error) {
    if (!(error instanceof LimaError)) throw error;
    return bad("", error.message);
  }
  const live = await findLive(ctx, drivers, dir, config.vmType);
  const { status, errors } = statusOf(name, live);
  const sshLocalPort = config.ssh.localPort || lastSshPort(dir);
  const instance = { ...common, config, status, live, sshLocalPort, errors };
  const message = renderMessage(instance, hostFacts(ctx));
  return { ...instance, message: message.text, errors: [...errors, ...message.errors] };
}
