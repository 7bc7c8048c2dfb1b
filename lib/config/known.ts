import type * as z from "zod/mini";
import { LATER, LATER_FATAL, OPEN_MAPS, saysSomething } from "./later.ts";
import { formatPath, type Path, type Problem } from "./problem.ts";
import { didYouMean } from "./suggest.ts";

export interface Notice {
  readonly path: Path;
  readonly message: string;
  /** About the key, not the value. */
  readonly key?: boolean;
}

export interface Unhandled {
  readonly notices: readonly Notice[];
  readonly problems: readonly Problem[];
}

type Schema = z.core.$ZodType;

/** The map or list inside optional fields and conversions. */
function bare(schema: Schema): z.core.$ZodTypes {
  const type = schema as z.core.$ZodTypes;
  const { def } = type._zod;
  if (def.type === "optional") return bare(def.innerType);
  return def.type === "pipe" ? bare(def.out) : type;
}

/** Finds every field that the schema does not have: known to the reference, or unknown to all. */
export function findUnhandled(schema: Schema, root: unknown): Unhandled {
  const notices: Notice[] = [];
  const problems: Problem[] = [];
  const plain = typeof root === "object" && root !== null && "plain" in root && root.plain === true;

  const other = (path: Path, pattern: string, value: unknown, siblings: readonly string[]): void => {
    if (Object.hasOwn(LATER_FATAL, pattern)) {
      if (saysSomething(value)) problems.push({ path, reason: LATER_FATAL[pattern] ?? "" });
      return;
    }
    const later = Object.hasOwn(LATER, pattern) ? LATER[pattern] : undefined;
    if (later === undefined) {
      const here = pattern.slice(0, pattern.lastIndexOf(".") + 1);
      const also = [...Object.keys(LATER), ...Object.keys(LATER_FATAL)].filter((name) => name.startsWith(here)).map((name) => name.slice(here.length));
      const name = String(path.at(-1));
      notices.push({ path, key: true, message: `unknown field "${formatPath(path)}"${didYouMean(name, [...siblings, ...also])}: it has no effect` });
      return;
    }
    if (!(later.effective ?? saysSomething)(value) || (plain && later.plainOff === true)) return;
    notices.push({ path, key: true, message: `field "${formatPath(path)}" is not supported by this version yet: it has no effect` });
  };

  const walk = (type: z.core.$ZodTypes, value: unknown, path: Path, pattern: string): void => {
    const { def } = type._zod;
    if (def.type === "array" && Array.isArray(value)) {
      for (const [i, item] of value.entries()) walk(bare(def.element), item, [...path, i], `${pattern}[]`);
    } else if (def.type === "object" && typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) {
        const at = [...path, key];
        const name = pattern === "" ? key : `${pattern}.${key}`;
        const field = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
        if (field !== undefined) walk(bare(field), item, at, name);
        else if (!OPEN_MAPS.has(pattern)) other(at, name, item, Object.keys(def.shape));
      }
    }
  };
  walk(bare(schema), root, [], "");
  return { notices, problems };
}
