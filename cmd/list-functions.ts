import { ArgumentFault } from "../lib/base/template/fault.ts";
import type { TemplateFunction } from "../lib/base/template/functions.ts";
import { show } from "../lib/base/template/print.ts";
import { stringifyYaml } from "../lib/config/yaml.ts";

const MOST_SPACES = 100;

function indent(first: unknown, second?: unknown): string {
  const [spaces, text] = second === undefined ? [2, first] : [first, second];
  if (typeof spaces !== "number" || !Number.isInteger(spaces) || spaces < 0 || spaces > MOST_SPACES) throw new ArgumentFault(`the number of spaces must be between 0 and ${MOST_SPACES}`);
  return show(text).replace(/^(?=.)/gm, " ".repeat(spaces));
}

/** What templates of `list --format` can use besides Go's own functions. */
export const LIST_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  json: { takes: [1, 1], run: (value) => JSON.stringify(value ?? null) },
  yaml: { takes: [1, 1], run: (value) => `---\n${stringifyYaml(value ?? null).trimEnd()}` },
  indent: { takes: [1, 2], run: indent },
  missing: {
    takes: [1, 2],
    run: (...values) => {
      const [message, text] = values.length === 1 ? ["<missing>", values[0]] : values;
      return show(text) === "" ? message : text;
    },
  },
};
