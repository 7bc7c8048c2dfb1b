import type { ConfigInput } from "./input.ts";
import { formatPath, type Path, valueAt } from "./problem.ts";
import type { Layer } from "./parse.ts";

/** How the three files meet. Scalars: override, then main, then default. Maps: the same for each key. Lists: see {@link Rule}. */
export interface Layers {
  readonly main: Layer;
  /** `_config/default.yaml` */
  readonly defaults?: Layer | undefined;
  /** `_config/override.yaml` */
  readonly overrides?: Layer | undefined;
}

export interface Merged {
  readonly input: ConfigInput;
  /** The file a merged field came from, and its path there. */
  origin(path: Path): { readonly layer: Layer; readonly path: Path };
}

/**
 * `join` (any list not named here): override + main + default, nothing dropped. `union`: default + main + override, first
 * occurrence kept. `first`: the highest list that is not empty. `whole`: the highest value, never mixed. `main`: the
 * other files have no say.
 */
type Rule = "join" | "union" | "first" | "whole" | "main";

const RULES: Readonly<Record<string, Rule>> = {
  minimumLimaVersion: "main",
  message: "main",
  cpuType: "main",
  dns: "first",
  "caCerts.files": "union",
  "caCerts.certs": "union",
  "vmOpts.qemu": "whole",
};

/** Fields that only the main file may have. */
export const MAIN_ONLY: readonly string[] = ["base", ...Object.keys(RULES).filter((key) => RULES[key] === "main")];

type Source = { readonly layer: Layer; readonly index: number };

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Merges what was parsed: the second of the four steps. */
export function mergeLayers({ main, defaults, overrides }: Layers): Merged {
  // From strong to weak.
  const layers = [overrides, main, defaults].filter((layer) => layer !== undefined);
  const sources = new Map<string, Source[]>();

  const mergeLists = (path: Path, values: readonly (readonly [Layer, unknown])[], rule: Rule): unknown[] => {
    const lists = values.filter((entry): entry is readonly [Layer, unknown[]] => Array.isArray(entry[1]));
    const chosen = rule === "first" ? (lists.find(([, list]) => list.length > 0) ?? lists[0]) : undefined;
    const order = rule === "first" ? (chosen === undefined ? [] : [chosen]) : rule === "union" ? lists.toReversed() : lists;
    const merged: unknown[] = [];
    const seen = new Set<unknown>();
    const from: Source[] = [];
    for (const [layer, list] of order) {
      for (const [index, item] of list.entries()) {
        if (rule === "union" && seen.has(item)) continue;
        seen.add(item);
        merged.push(item);
        from.push({ layer, index });
      }
    }
    sources.set(formatPath(path), from);
    return merged;
  };

  const merge = (path: Path): unknown => {
    const rule = RULES[formatPath(path)] ?? "join";
    const values = layers
      .filter((layer) => rule !== "main" || layer === main)
      .map((layer) => [layer, valueAt(layer.input, path)] as const)
      .filter(([, value]) => value !== undefined);
    const strongest = values[0]?.[1];
    if (rule === "whole" || rule === "main") return strongest;
    if (Array.isArray(strongest)) return mergeLists(path, values, rule);
    if (!isMap(strongest)) return strongest;
    const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const keys = new Set(values.toReversed().flatMap(([, value]) => (isMap(value) ? Object.keys(value) : [])));
    for (const key of keys) result[key] = merge([...path, key]);
    return result;
  };

  const origin = (path: Path): { layer: Layer; path: Path } => {
    for (let i = 0; i + 1 < path.length; i++) {
      const source = sources.get(formatPath(path.slice(0, i + 1)))?.[Number(path[i + 1])];
      if (source !== undefined) return { layer: source.layer, path: [...path.slice(0, i + 1), source.index, ...path.slice(i + 2)] };
    }
    const layer = layers.find((candidate) => valueAt(candidate.input, path) !== undefined) ?? main;
    return { layer, path };
  };

  // The layers have one shape, and merging keeps it.
  return { input: merge([]) as ConfigInput, origin };
}
