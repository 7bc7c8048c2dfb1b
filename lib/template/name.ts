import { identifierProblem, instanceNameProblem } from "../config/identifier.ts";

/** The last part of a path or of a URL's path. */
export function lastPart(locator: string): string {
  const url = /^https?:\/\//i.test(locator) ? URL.parse(locator) : null;
  const part = (url?.pathname ?? locator).replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
  if (url === null) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The instance name that a template's file name gives: lower case, without `.yaml`; undefined when that is no name. */
export function nameFromFile(file: string): string | undefined {
  const name = file.toLowerCase().replace(/\.yml$/, "").replace(/\.yaml$/, "");
  return identifierProblem(name) === undefined ? name : undefined;
}

/**
 * The argument of create and start. What can be an instance's name is one, never a file: `foo.qcow2` names an instance,
 * `./foo.qcow2` and `foo.yaml` are files.
 */
export function isInstanceArgument(argument: string): boolean {
  return instanceNameProblem(argument) === undefined;
}
