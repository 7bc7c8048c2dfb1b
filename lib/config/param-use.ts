import { formatPath, type Path, type Problem } from "./problem.ts";

/** Fields whose texts may use a parameter. */
const USERS: readonly (readonly [field: string, keys: readonly string[]])[] = [
  ["provision", ["script", "content", "expression", "owner", "path", "permissions"]],
  ["probes", ["script"]],
  ["copyToHost", ["guest", "host"]],
  ["portForwards", ["guestSocket", "hostSocket"]],
  ["mounts", ["location", "mountPoint"]],
];

/** Read by the guest's network configuration instead. */
const INTERNAL = "internal_netplanOptional";

function textsOf(root: Record<string, unknown>): string[] {
  return USERS.flatMap(([field, keys]) => {
    const entries: unknown[] = Array.isArray(root[field]) ? root[field] : [];
    return entries.flatMap((entry) => (typeof entry === "object" && entry !== null ? keys.map((key) => (entry as Record<string, unknown>)[key]) : []));
  }).filter((text) => typeof text === "string");
}

/** The parameters a text names: `{{.Param.X}}`, `{{index .Param "X"}}` or the word `PARAM_X`. */
function* namesIn(text: string): Iterable<string> {
  for (const match of text.matchAll(/\bPARAM_(\w+)/g)) yield match[1] ?? "";
  for (const [action] of text.matchAll(/\{\{[^{}]*\}\}/g)) {
    for (const match of action.matchAll(/\.Param\.(\w+)|\bindex\s+\$?\.Param\s+["`](\w+)["`]/g)) yield match[1] ?? match[2] ?? "";
  }
}

/** A parameter that nothing uses is a mistake in its name, there or where it is used. Looks at one file, as it was written. */
export function unusedParams(root: unknown): Problem[] {
  if (typeof root !== "object" || root === null) return [];
  const file = root as Record<string, unknown>;
  const { param } = file;
  if (typeof param !== "object" || param === null || Array.isArray(param)) return [];
  const used = new Set(textsOf(file).flatMap((text) => [...namesIn(text)]));
  return Object.keys(param)
    .filter((name) => name !== INTERNAL && !used.has(name))
    .map((name) => ({ path: ["param", name] satisfies Path, reason: `it is not used: no script names {{.${formatPath(["Param", name])}}} or $PARAM_${name}` }));
}
