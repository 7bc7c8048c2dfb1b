import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import { assertInstanceName, instanceNameProblem } from "../config/identifier.ts";
import { instanceExists, instanceExistsError } from "../store/instance.ts";
import { readTemplate } from "../template/locator.ts";

/** What the argument of `create` and `start` means. */
export type Target =
  | { readonly kind: "existing"; readonly name: string }
  | { readonly kind: "new"; readonly name: string; readonly text: string; readonly source: string };

export interface TargetRequest {
  /** The positional: a name, a template locator, or nothing. */
  readonly argument: string | undefined;
  /** `--name`. */
  readonly name: string | undefined;
}

const DEFAULT_TEMPLATE = "template:default";

/**
 * Finds out what to create or start. No argument is `--name` or the default instance; a word that can be a name is an
 * instance, existing or to be made from the default template; all else is a template and always a new instance.
 * Throws LimaError `USAGE`, `INVALID_NAME`, `INSTANCE_EXISTS` for a template whose instance exists, and what reading it gives.
 */
export async function resolveTarget(ctx: Context, { argument, name }: TargetRequest): Promise<Target> {
  if (name !== undefined) assertInstanceName(name);
  if (argument === undefined) return named(ctx, name ?? "default");
  if (instanceNameProblem(argument) === undefined) {
    if (name !== undefined && name !== argument) throw new LimaError("USAGE", `cannot use instance name "${argument}" together with --name=${name}`);
    return named(ctx, argument);
  }
  if (argument === "-" && name === undefined) throw new LimaError("USAGE", "cannot read a template from stdin without --name");
  if (name !== undefined && instanceExists(ctx.home, name)) throw instanceExistsError(name);
  const template = await readTemplate(ctx, argument);
  const chosen = name ?? template.name;
  if (chosen === undefined) throw new LimaError("USAGE", `cannot tell a name for the instance from "${argument}"`, { hint: "give one with --name" });
  assertInstanceName(chosen);
  if (instanceExists(ctx.home, chosen)) throw instanceExistsError(chosen);
  return { kind: "new", name: chosen, text: template.text, source: template.source };
}

async function named(ctx: Context, name: string): Promise<Target> {
  if (instanceExists(ctx.home, name)) return { kind: "existing", name };
  const { text, source } = await readTemplate(ctx, DEFAULT_TEMPLATE);
  if (name !== "default") ctx.log.info(`instance "${name}" does not exist yet: it is made from ${DEFAULT_TEMPLATE}`);
  return { kind: "new", name, text, source };
}
