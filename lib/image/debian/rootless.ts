import { readFile } from "node:fs/promises";
import type { Context } from "../../base/context.ts";
import { LimaError } from "../../base/errors.ts";
import { exec } from "../../base/exec.ts";
import { which } from "../../host/which.ts";

/** A distribution has system users up to 999 and `nobody` at 65534. */
const NEEDED_IDS = 65_536;

/** Ids of the host that a user may give away: the first one, and how many. */
export interface IdRange {
  readonly start: number;
  readonly count: number;
}

/** Who runs this program. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The user's range in `/etc/subuid` or `/etc/subgid` (lines `USER:START:COUNT`, the user by name or number) that is large enough. */
export function idRange(text: string, user: Pick<User, "name" | "uid">): IdRange | undefined {
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .filter(([who, start, count]) => (who === user.name || who === String(user.uid)) && /^\d+$/.test(start ?? "") && /^\d+$/.test(count ?? ""))
    .map(([, start, count]) => ({ start: Number(start), count: Number(count) }))
    .find((range) => range.count >= NEEDED_IDS);
}

/** What maps a user namespace's ids: its root is the user, its other ids are from the user's ranges. */
export interface IdMapping {
  readonly newuidmap: readonly string[];
  readonly newgidmap: readonly string[];
}

const HINT = "install the package uidmap and give the user ids in /etc/subuid and /etc/subgid (usermod --add-subuids, --add-subgids), or run this as root";

/** Prepares {@link mapIds}. Throws LimaError `ROOTLESS_UNAVAILABLE` when this user cannot do it on this host. */
export async function idMapping(env: Context["env"], user: User): Promise<IdMapping> {
  const of = async (program: string, file: string, own: number): Promise<readonly string[]> => {
    const path = which(program, env);
    if (path === undefined) throw unavailable(`the program "${program}" is not installed`);
    const range = idRange(await readFile(file, "utf8").catch(() => ""), user);
    if (range === undefined) throw unavailable(`${file} gives the user "${user.name}" no ${NEEDED_IDS} ids`);
    return [path, "0", String(own), "1", "1", String(range.start), String(NEEDED_IDS - 1)];
  };
  return { newuidmap: await of("newuidmap", "/etc/subuid", user.uid), newgidmap: await of("newgidmap", "/etc/subgid", user.gid) };
}

/** Maps the ids of the user namespace that the process `pid` is in. Throws LimaError `ROOTLESS_UNAVAILABLE`. */
export async function mapIds(pid: number, mapping: IdMapping, signal: AbortSignal): Promise<void> {
  for (const [program = "", ...map] of [mapping.newuidmap, mapping.newgidmap]) {
    const result = await exec([program, String(pid), ...map], { signal });
    if (result.exitCode !== 0) throw unavailable(result.stderr.trim());
  }
}

export function unavailable(reason: string): LimaError {
  return new LimaError("ROOTLESS_UNAVAILABLE", `cannot build a Debian image as an ordinary user: ${reason}`, { hint: HINT });
}
