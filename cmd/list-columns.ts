import { formatSize } from "../lib/config/size.ts";
import type { Row } from "../lib/instance/list.ts";

export type Column = "NAME" | "STATUS" | "SSH" | "VMTYPE" | "ARCH" | "CPUS" | "MEMORY" | "DISK" | "DIR";

export interface Fit {
  /** Columns of the terminal; undefined: never hide anything. */
  readonly width: number | undefined;
  readonly hostArch: string;
}

/** Scripts cut this table by columns of 8. */
const TAB = 8;

/**
 * The columns that fit: the type and architecture of VMs go first, when they say nothing new, then the directory. The
 * sums are the reference's, in units of 8 columns.
 */
export function visibleColumns(rows: readonly Row[], { width, hostArch }: Fit): readonly Column[] {
  const room = width ?? Number.POSITIVE_INFINITY;
  const types = new Set(rows.map((r) => r.vmType).filter((t) => t !== ""));
  const foreign = rows.some((r) => r.arch !== "" && r.arch !== hostArch);
  let used = 5;
  const hideType = (used + 7) * TAB > room && types.size <= 1;
  if (!hideType) used += 1;
  const hideArch = (used + 6) * TAB > room && !foreign;
  if (!hideArch) used += 1;
  used += 3;
  const hideDir = (used + 2) * TAB > room;
  return ["NAME", "STATUS", "SSH", ...(hideType ? [] : (["VMTYPE"] as const)), ...(hideArch ? [] : (["ARCH"] as const)), "CPUS", "MEMORY", "DISK", ...(hideDir ? [] : (["DIR"] as const))];
}

/** The user's home directory as `~`. */
export function shortDir(dir: string, userHome: string | undefined): string {
  return userHome !== undefined && userHome !== "" && dir.startsWith(`${userHome}/`) ? `~${dir.slice(userHome.length)}` : dir;
}

/** The cells of one instance. */
export function cells(row: Row, columns: readonly Column[], userHome: string | undefined): readonly string[] {
  const all: Record<Column, string> = {
    NAME: row.name,
    STATUS: row.status,
    SSH: row.ssh,
    VMTYPE: row.vmType,
    ARCH: row.arch,
    CPUS: String(row.cpus),
    MEMORY: formatSize(row.memory),
    DISK: formatSize(row.disk),
    DIR: shortDir(row.dir, userHome),
  };
  return columns.map((c) => all[c]);
}
