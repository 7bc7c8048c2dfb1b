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

/** The fields of a user's line in /etc/passwd; undefined for one from a directory service, and on systems that keep users elsewhere. */
function passwdFields(uid: number): readonly string[] | undefined {
  try {
    return readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":")).find((fields) => fields[2] === String(uid));
  } catch {
    return undefined;
  }
}

function fullName(gecos: string | undefined): string {
  if (process.platform === "darwin") {
    const { stdout, exitCode } = Bun.spawnSync(["id", "-F"]);
    return exitCode === 0 ? stdout.toString().trim() : "";
  }
  return gecos?.split(",")[0]?.trim() ?? "";
}

/** The user this program runs as. */
export function hostUser(): HostUser {
  const info = userInfo();
  const fields = passwdFields(info.uid);
  // Bun takes the name from $USER, and calls who has none (services, containers) "unknown".
  return { name: fields?.[0] ?? info.username, uid: info.uid, gid: info.gid, home: process.env["HOME"] ?? info.homedir, fullName: fullName(fields?.[4]) };
}
