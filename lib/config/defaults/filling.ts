import { expandText, type TextData } from "../expand.ts";
import type { HostFacts } from "../host-facts.ts";
import type { Path, Problem } from "../problem.ts";

/** What filling in defaults needs besides the merged input; every part only adds problems, and always gives a value. */
export interface Filling {
  /** The instance's name. */
  readonly name: string;
  readonly host: HostFacts;
  /** Version that made the instance: some defaults keep their old value for it. */
  readonly madeBy: string;
  readonly problems: Problem[];
}

/** The value if it is one of the choices; else the fallback, with a problem unless it was absent or "". */
export function oneOf<T extends string>(filling: Filling, path: Path, value: string | undefined, choices: readonly T[], fallback: T): T {
  if (value === undefined || value === "") return fallback;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) filling.problems.push({ path, value, reason: `must be one of ${choices.join(", ")}` });
  return found ?? fallback;
}

/** Expands `{{.Name}}` and the like; a fault is a problem, with the line in the text. */
export function expanded(filling: Filling, path: Path, text: string, data: TextData): string {
  const result = expandText(text, data);
  if ("text" in result) return result.text;
  filling.problems.push({ path, reason: result.reason, textLine: result.line });
  return text;
}
