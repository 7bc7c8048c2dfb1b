import type { Problem } from "../problem.ts";
import type { Config } from "../schema.ts";

const MAX_ID = 2 ** 32 - 2;

export function* userProblems({ user }: Config): Iterable<Problem> {
  if (user.name === "root") yield { path: ["user", "name"], value: user.name, reason: "must not be root, the guest's own administrator" };
  else if (!/^[^-\s:/,"'\\][^\s:/,"'\\]*$/.test(user.name)) yield { path: ["user", "name"], value: user.name, reason: "must be a plain word that useradd takes" };
  for (const key of ["uid", "gid"] as const) {
    if (user[key] < 1 || user[key] > MAX_ID) yield { path: ["user", key], value: user[key], reason: `must be between 1 and ${MAX_ID}` };
  }
  for (const key of ["home", "shell"] as const) {
    if (!/^\/[^\n:]*$/.test(user[key])) yield { path: ["user", key], value: user[key], reason: "must be an absolute path, without colons" };
  }
}
