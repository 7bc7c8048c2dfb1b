import { readFileSync } from "node:fs";
import { join } from "node:path";
import { portOfSshConfig } from "../ssh/config-file.ts";
import { FILES } from "../store/filenames.ts";

/** The port in ssh.config, which is rewritten at each start and stays after a stop; 0 when there is none. */
export function lastSshPort(dir: string): number {
  try {
    return portOfSshConfig(readFileSync(join(dir, FILES.sshConfig), "latin1")) ?? 0;
  } catch {
    return 0;
  }
}
