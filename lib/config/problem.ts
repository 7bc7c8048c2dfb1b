/** Where a value sits in a document: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a value of the configuration. */
export interface Problem {
  readonly path: Path;
  /** What the value must be, as a clause: `must be one of hda, virtio`. */
  readonly reason: string;
  /** The value as the user wrote it; absent when nothing was written. */
  readonly value?: unknown;
  /** Line (from 0) inside a text value where the fault is. */
  readonly textLine?: number;
}

/** `images[0].kernel.arch`; keys that are no plain word are quoted: `env["A B"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z0-9_-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return i === 0 ? step : `.${step}`;
    })
    .join("");
}

const LONGEST_VALUE = 60;

/** A value for a message: quoted text, cut when long; `a list`, `a map`, `null`, or the number itself. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}...` : value);
  }
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return String(value);
}

/** `field "arch" is "x86": must be one of x86_64, aarch64`. */
export function formatProblem({ path, reason, value }: Problem): string {
  const field = path.length === 0 ? "the document" : `field "${formatPath(path)}"`;
  return value === undefined ? `${field} is invalid: ${reason}` : `${field} is ${formatValue(value)}: ${reason}`;
}

/** What is at `path` in a plain value, or undefined. Looks at own keys only. */
export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
