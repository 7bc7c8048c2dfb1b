import { LimaError } from "../base/errors.ts";
import type { Config } from "../config/schema.ts";
import { hostnameOf } from "../store/dirs.ts";
import { renderTemplate } from "./go-template.ts";

export interface MessageFacts {
  readonly name: string;
  readonly dir: string;
  readonly sshLocalPort: number;
}

/** The `message` of a configuration, which may name the instance's facts: `{{.Name}}`, `{{.Dir}}`, `{{.Param.KEY}}`. */
export function renderMessage(config: Pick<Config, "message" | "param">, facts: MessageFacts): { readonly text: string; readonly errors: readonly string[] } {
  if (!config.message.includes("{{")) return { text: config.message, errors: [] };
  const fields: Readonly<Record<string, unknown>> = { Name: facts.name, Dir: facts.dir, Hostname: hostnameOf(facts.name), SSHLocalPort: facts.sshLocalPort };
  try {
    const text = renderTemplate(config.message, {
      field: ([first, second]) => (first === "Param" && second !== undefined ? config.param[second] : first === undefined || second !== undefined ? undefined : fields[first]),
    });
    return { text, errors: [] };
  } catch (error) {
    if (!(error instanceof LimaError)) throw error;
    return { text: config.message, errors: [`field "message": ${error.message}`] };
  }
}
