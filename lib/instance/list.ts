import type { Context } from "../base/context.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { instanceDir, isDirectory } from "../store/dirs.ts";
import { FILES } from "../store/filenames.ts";
import { findLive, type Status, statusOf } from "./status.ts";
import { lastSshPort } from "./ssh-port.ts";
import { Summaries } from "./summary.ts";

/** One line of the table of instances. */
export interface Row {
  readonly name: string;
  readonly status: Status;
  /** `127.0.0.1:60022`; `:0` for what is broken. */
  readonly ssh: string;
  readonly vmType: string;
  readonly arch: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly disk: number;
  readonly dir: string;
  readonly errors: readonly string[];
}

const BROKEN = { ssh: ":0", vmType: "", arch: "", cpus: 0, memory: 0, disk: 0 } as const;

/** Looks at instances just as closely as a table needs it. One that was deleted in the meantime is left out. */
export async function listInstances(ctx: Context, drivers: DriverRegistry, names: readonly string[]): Promise<readonly Row[]> {
  const summaries = new Summaries(ctx);
  const rows: Row[] = [];
  for (const name of names) {
    const dir = instanceDir(ctx.home, name);
    const summary = await summaries.get(name, dir);
    if (summary === undefined && !isDirectory(dir)) continue;
    if (summary === undefined) {
      rows.push({ ...BROKEN, name, dir, status: "Broken", errors: [`"${dir}" has no ${FILES.config}`] });
    } else if (summary.error !== undefined) {
      rows.push({ ...BROKEN, name, dir, status: "", errors: [summary.error] });
    } else {
      const { status, errors } = statusOf(name, await findLive(ctx, drivers, dir, summary.vmType));
      const { vmType, arch, cpus, memory, disk } = summary;
      rows.push({ name, status, ssh: `127.0.0.1:${summary.sshLocalPort || lastSshPort(dir)}`, vmType, arch, cpus, memory, disk, dir, errors });
    }
  }
  await summaries.save();
  return rows;
}
