import { LimaError } from "../base/errors.ts";
import { applyEdits, type ConfigEdits } from "../config/edit.ts";

/** What flags change in a configuration. */
export interface InstanceEdits extends ConfigEdits {
  /** yq expressions, applied one after the other. */
  readonly set?: readonly string[];
}

async function applyExpressions(text: string, source: string, expressions: readonly string[]): Promise<string> {
  const { editYaml } = await import("../expr/edit.ts");
  try {
    return editYaml(text, source, expressions);
  } catch (error) {
    if (!(error instanceof LimaError) || error.code !== "EXPRESSION") throw error;
    throw new LimaError("CONFIG_EDIT", `while processing flag "set": ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
  }
}

/**
 * Applies flags to a YAML text in the reference's order, which is not that of the command line: expressions override the
 * flags for CPUs, memory, DNS and the hypervisor, all others override expressions. Comments stay. The result is not
 * validated. Throws LimaError `CONFIG_SYNTAX` or `CONFIG_EDIT`.
 */
export async function editText(text: string, edits: InstanceEdits, source: string): Promise<string> {
  const { set, ...flags } = edits;
  if (set === undefined) return applyEdits(text, flags, source);
  const { cpus: _cpus, dns: _dns, memory: _memory, vmType: _vmType, ...after } = flags;
  const before = Object.fromEntries(Object.entries(flags).filter(([name]) => !(name in after)));
  return applyEdits(await applyExpressions(applyEdits(text, before, source), source, set), after, source);
}
