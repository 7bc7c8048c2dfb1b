import { readFileSync } from "node:fs";
import { userInfo } from "node:os";

export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** First field of the GECOS entry; may be empty. */
  readonly fullName: string;
}

function gecosName(name: string): string {
  if (process.platform === "darwin") {
    const { stdout, exitCode } = Bun.spawnSync(["id", "-F"]);
    return exitCode === 0 ? stdout.toString().trim() : "";
  }
  try {
    const line = readFileSync("/etc/passwd", "utf8").split("\n").find((l) => l.startsWith(`${name}:`));
    return line?.split(":")[4]?.split(",")[0]?.trim() ?? "";
  } catch {
    return "";
  }
}

/** The user this program runs as. */
export function hostUser(): HostUser {
  const info = userInfo();
  return { name: info.username, uid: info.uid, gid: info.gid, home: process.env["HOME"] ?? info.homedir, fullName: gecosName(info.username) };
}
