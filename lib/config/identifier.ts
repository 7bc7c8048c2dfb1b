import { LimaError } from "../base/errors.ts";

const IDENTIFIER = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;
const MAX_LENGTH = 76;

/** Why a text cannot name an instance, a disk or a network; undefined when it can. */
export function identifierProblem(text: string): string | undefined {
  if (text === "") return "must not be empty";
  if (text.length > MAX_LENGTH) return `must not be longer than ${MAX_LENGTH} characters`;
  return IDENTIFIER.test(text) ? undefined : "must be letters and digits with single dots, dashes or underscores between them";
}

/** Like {@link identifierProblem}, and no name that looks like a template file. */
export function instanceNameProblem(name: string): string | undefined {
  return identifierProblem(name) ?? (/\.ya?ml$/i.test(name) ? "must not end with .yml or .yaml" : undefined);
}

/** Throws LimaError `INVALID_NAME` for what cannot be an instance's name. */
export function assertInstanceName(name: string): void {
  const problem = instanceNameProblem(name);
  if (problem !== undefined) throw new LimaError("INVALID_NAME", `invalid instance name "${name}": ${problem}`);
}

/** The guest's host name: `lima-` and the name with dots and underscores as dashes. */
export function guestHostname(name: string): string {
  return `lima-${name.replace(/[._]/g, "-")}`;
}
