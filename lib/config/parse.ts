import { configInput, type ConfigInput } from "./input.ts";
import { findUnhandled, type Notice } from "./known.ts";
import { type Problem, valueAt } from "./problem.ts";
import { type ParsedYaml, parseYaml } from "./parse-yaml.ts";

/** One file of configuration: its typed content, and what is to be said about it. */
export interface Layer {
  readonly yaml: ParsedYaml;
  /** Without the top-level fields that have problems. */
  readonly input: ConfigInput;
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

const EXPECTED: Readonly<Record<string, string>> = { object: "must be a map", array: "must be a list" };

/** Reads one file: the first of the four steps. Throws LimaError `CONFIG_SYNTAX` for what is no YAML. */
export function parseLayer(text: string, source: string): Layer {
  const yaml = parseYaml(text, source);
  const root = yaml.value ?? {};
  const { notices, problems: unhandled } = findUnhandled(configInput, root);
  const problems = [...unhandled];
  const result = configInput.safeParse(root);
  if (result.success) return { yaml, input: result.data, problems, notices };
  const bad = new Set<PropertyKey>();
  for (const issue of result.error.issues) {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const reason = issue.code === "invalid_type" ? (EXPECTED[issue.expected] ?? `must be of type ${issue.expected}`) : issue.message;
    problems.push({ path, reason, value: valueAt(root, path) });
    bad.add(path[0] ?? "");
  }
  const good = typeof root === "object" && !Array.isArray(root) ? Object.fromEntries(Object.entries(root).filter(([key]) => !bad.has(key))) : {};
  return { yaml, input: configInput.parse(good), problems, notices };
}
