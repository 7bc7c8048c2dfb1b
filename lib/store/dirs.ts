import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../base/errors.ts";

/** Host name of the guest, and the name of its block in ssh.config. */
export { guestHostname as hostnameOf } from "../config/identifier.ts";

/** Where an instance lives, made or not. */
export function instanceDir(home: string, name: string): string {
  return join(home, name);
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw error;
  }
}

/**
 * Names of all instances, in byte order: the directories of LIMA_HOME but those whose names start with a dot or an
 * underscore, which are ours. A home that does not exist has none.
 */
export function instanceNames(home: string): readonly string[] {
  try {
    return readdirSync(home, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
      .map((entry) => entry.name)
      .toSorted((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
