import { isIP } from "node:net";
import type { Problem } from "../problem.ts";
import type { Config } from "../schema.ts";

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} \t]*$/u;

export function* guestProblems({ dns, env, param }: Config): Iterable<Problem> {
  for (const [i, address] of dns.entries()) {
    if (isIP(address) === 0) yield { path: ["dns", i], value: address, reason: "must be an IP address" };
  }
  for (const [name, value] of Object.entries(env)) {
    // These become lines of /etc/environment.
    if (!/^[^\s=#"'\\]+$/.test(name)) yield { path: ["env", name], reason: "the name must be a word without = and quotes" };
    if (/[\n\r]/.test(value)) yield { path: ["env", name], value, reason: "must be one line" };
  }
  for (const [name, value] of Object.entries(param)) {
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) yield { path: ["param", name], reason: "the name must start with a letter, then letters, digits and underscores" };
    if (!PRINTABLE.test(value)) yield { path: ["param", name], value, reason: "contains an unprintable character" };
  }
}
