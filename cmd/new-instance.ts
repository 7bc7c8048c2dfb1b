import { drivers } from "../drivers/registry.ts";
import type { Context } from "../lib/base/context.ts";
import { createInstance } from "../lib/instance/create.ts";
import { editText, type InstanceEdits } from "../lib/instance/edit-text.ts";
import type { Target } from "../lib/instance/target.ts";

/** Said by the commands that make or start a machine. */
export function warnAboutRoot(ctx: Context): void {
  if (process.getuid?.() === 0) ctx.log.warn("running as root: instances belong to root, and the guest user is named lima");
}

/** Makes the instance that a target describes, with the changes that flags ask for. */
export async function createFromTarget(ctx: Context, target: Target & { readonly kind: "new" }, edits: InstanceEdits): Promise<void> {
  const { name, source } = target;
  ctx.log.info(`Creating the instance "${name}" from ${source}`);
  await createInstance(ctx, drivers, { name, source, text: await editText(target.text, edits, source) });
}
