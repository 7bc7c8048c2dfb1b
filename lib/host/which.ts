import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Absolute path of a program as the shell would find it in `env.PATH`; undefined when there is none. A name with a slash is taken as a path. */
export function which(program: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const candidates = program.includes("/") ? [program] : (env["PATH"] ?? "").split(delimiter).filter((d) => d !== "").map((d) => join(d, program));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}
