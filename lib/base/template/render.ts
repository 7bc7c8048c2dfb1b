import { Evaluation, type Rules } from "./evaluate.ts";
import { TemplateFault } from "./fault.ts";
import { BUILTINS } from "./functions.ts";
import { parseTemplate } from "./parse.ts";

export interface TemplateProblem {
  readonly reason: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** The template itself is wrong, whatever the data. */
  readonly syntax: boolean;
}

export interface TemplateRules extends Rules {
  /** What to append to a message about a wrong name, such as a name that was probably meant. */
  readonly hint?: ((wrong: string, known: readonly string[]) => string) | undefined;
}

/**
 * Fills a template of the language of Go's text/template (see parse.ts) with data: plain objects, lists, texts, numbers
 * and booleans. A field that does not exist is a problem, never a guess. Time, memory and depth are bounded.
 */
export function renderTemplate(source: string, data: unknown, rules: TemplateRules): { readonly text: string } | TemplateProblem {
  if (!source.includes("{{")) return { text: source };
  let parsed = false;
  try {
    const functions = new Set(["and", "or", ...Object.keys(BUILTINS), ...Object.keys(rules.functions ?? {})]);
    const template = parseTemplate(source, { functions, hint: rules.hint ?? (() => "") });
    parsed = true;
    return { text: new Evaluation(template, rules).run(data) };
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    const before = source.slice(0, error.offset).split("\n");
    return { reason: error.message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, syntax: !parsed };
  }
}
