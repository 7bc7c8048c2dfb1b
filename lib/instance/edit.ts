import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { gatherHostFacts } from "../config/host-facts.ts";
import { loadConfig } from "../config/load.ts";
import { readGlobalLayers } from "../config/read.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { loadDriver } from "../driver/select.ts";
import { writeFileAtomic } from "../host/files.ts";
import { FILES } from "../store/filenames.ts";
import { existingDir, instanceVersion, lockInstance } from "../store/instance.ts";
import { editText, type InstanceEdits } from "./edit-text.ts";

/**
 * Changes an instance's lima.yaml, keeping its comments; takes effect at the next start. The result is checked before it
 * is written. Returns whether anything changed. Throws LimaError `CONFIG_*` with the file as it was.
 */
export async function editConfig(ctx: Context, drivers: DriverRegistry, name: string, edits: InstanceEdits): Promise<boolean> {
  if (Object.keys(edits).length === 0) return false;
  const dir = existingDir(ctx.home, name);
  using _held = await lockInstance(ctx.home, name, { signal: ctx.signal, onWait: () => ctx.log.info(`waiting for another command that is working on instance "${name}"`) });
  const source = join(dir, FILES.config);
  // The text alone: the change may be what makes it valid.
  const before = await readFile(source, "utf8");
  const text = await editText(before, edits, source);
  if (text === before) return false;
  const { config } = loadConfig({ text, source, name, dir, host: gatherHostFacts(), version: ctx.version, existing: { limaVersion: instanceVersion(dir) }, ...(await readGlobalLayers(ctx)) });
  await (await loadDriver(ctx, drivers, config.vmType)).validate({ name, dir, config });
  await writeFileAtomic(source, text);
  return true;
}
