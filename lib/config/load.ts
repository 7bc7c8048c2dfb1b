import { LimaError } from "../base/errors.ts";
import { fillDefaults } from "./defaults/fill.ts";
import type { HostFacts } from "./host-facts.ts";
import { type Merged, mergeLayers, MAIN_ONLY } from "./merge.ts";
import { unusedParams } from "./param-use.ts";
import { type Layer, parseLayer } from "./parse.ts";
import { formatProblem, formatPath, type Path, type Problem, valueAt } from "./problem.ts";
import type { Config } from "./schema.ts";
import { configWarnings, validateConfig } from "./validate/validate.ts";
import type { ParsedYaml, Spot } from "./parse-yaml.ts";

export interface ConfigText {
  readonly text: string;
  /** File name or locator, for messages. */
  readonly source: string;
}

export interface LoadInput extends ConfigText {
  /** The instance's name. */
  readonly name: string;
  /** The instance directory, absolute; need not exist. No field of this version speaks of it; `{{.Dir}}` in host paths will. */
  readonly dir: string;
  readonly host: HostFacts;
  /** Version of this program. */
  readonly version: string;
  /** The instance has been made before, by this version ("" when it does not say). */
  readonly existing?: { readonly limaVersion: string } | undefined;
  /** `_config/default.yaml` */
  readonly defaults?: ConfigText | undefined;
  /** `_config/override.yaml` */
  readonly overrides?: ConfigText | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** One line each, `FILE:LINE:COL: ...`. */
  readonly warnings: readonly string[];
}

interface Remark { readonly source: string; readonly line: number; readonly column: number; readonly text: string }

function remark(yaml: ParsedYaml, path: Path, text: string, spot: Spot = {}): Remark {
  return { source: yaml.source, ...yaml.locate(path, spot), text };
}

/** By file, then from top to bottom, each once. */
function render(remarks: readonly Remark[]): string[] {
  const sources = [...new Set(remarks.map((r) => r.source))];
  const sorted = remarks.toSorted((a, b) => sources.indexOf(a.source) - sources.indexOf(b.source) || a.line - b.line || a.column - b.column);
  return [...new Set(sorted.map((r) => `${r.source}:${r.line}:${r.column}: ${r.text}`))];
}

interface Found { readonly layer: Layer; readonly problem: Problem }

/** A problem of the merged configuration, told in terms of the file that the value came from. */
function traced(merged: Merged, problem: Problem): Found {
  const { layer, path } = merged.origin(problem.path);
  // The user's own spelling, where there is one: "1.5" rather than 1.
  const written = problem.value === undefined ? undefined : (valueAt(layer.yaml.value, path) ?? problem.value);
  return { layer, problem: { ...problem, path, value: written } };
}

/** Noise after a known problem: the whole field was taken out when its type was wrong, else it is the same entry. */
function follows({ layer, problem: { path } }: Found, known: Found): boolean {
  if (known.problem.path.length === 0) return layer === known.layer;
  if (path[0] !== known.problem.path[0]) return false;
  return known.layer.input[path[0] as keyof Layer["input"]] === undefined || (layer === known.layer && path[1] === known.problem.path[1]);
}

function layerWarnings(layer: Layer, main: Layer): Remark[] {
  const notices = layer.notices.map(({ path, message, key }) => remark(layer.yaml, path, message, { key: key ?? false }));
  if (layer === main) {
    const old = layer.input.cpuType === undefined ? [] : [remark(layer.yaml, ["cpuType"], `field "cpuType" is deprecated: use "vmOpts.qemu.cpuType"`, { key: true })];
    return [...notices, ...old];
  }
  const misplaced = MAIN_ONLY.filter((name) => (valueAt(layer.yaml.value, [name]) ?? null) !== null);
  return [...notices, ...misplaced.map((name) => remark(layer.yaml, [name], `field "${name}" has no effect in this file`, { key: true }))];
}

const MOST_LINES = 50;

function firstOf(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`] : [...lines];
}

/** Far more than are shown, and few enough to compare each with each. */
const MOST_COMPARED = 500;

/**
 * Text in, checked configuration out; touches nothing but its argument. Throws LimaError `CONFIG_SYNTAX` (no YAML) or
 * `CONFIG_INVALID` (all problems, one per line: `FILE:LINE:COL: field "cpus" is "x": must be a number`).
 */
export function loadConfig(input: LoadInput): LoadedConfig {
  const main = parseLayer(input.text, input.source);
  const [defaults, overrides] = [input.defaults, input.overrides].map((file) => (file === undefined ? undefined : parseLayer(file.text, file.source)));
  const layers = [main, defaults, overrides].filter((layer) => layer !== undefined);
  const merged = mergeLayers({ main, defaults, overrides });

  const found: Problem[] = [];
  const madeBy = input.existing === undefined ? input.version : input.existing.limaVersion;
  const config = fillDefaults(merged.input, main.input.param ?? {}, { name: input.name, host: input.host, madeBy, problems: found });
  found.push(...validateConfig(config));

  // `base` in another file is only a warning.
  const wrong = layers.flatMap((layer) => layer.problems.filter(({ path }) => layer === main || path[0] !== "base").slice(0, MOST_COMPARED).map((problem) => ({ layer, problem })));
  const later = found.slice(0, MOST_COMPARED).map((problem) => traced(merged, problem)).filter((entry) => !wrong.some((known) => follows(entry, known)));
  const unused = unusedParams(main.yaml.value).map((problem) => ({ layer: main, problem }));
  const problems = [...wrong, ...later, ...unused].map(({ layer, problem }) => remark(layer.yaml, problem.path, formatProblem(problem), problem.textLine === undefined ? {} : { textLine: problem.textLine }));
  if (problems.length > 0) throw new LimaError("CONFIG_INVALID", firstOf(render(problems)).join("\n"));

  const doubts = configWarnings(config).map((problem) => {
    const { layer, problem: { path, reason } } = traced(merged, problem);
    return remark(layer.yaml, path, `field "${formatPath(path)}": ${reason}`);
  });
  return { config, warnings: firstOf(render([...layers.flatMap((layer) => layerWarnings(layer, main)), ...doubts])) };
}
