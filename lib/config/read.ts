import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError, messageOf } from "../base/errors.ts";
import { exists } from "../host/files.ts";
import { CONFIG_DIR, CONFIG_FILES, FILES } from "../store/filenames.ts";
import { gatherHostFacts } from "./host-facts.ts";
import { assertInstanceName } from "./identifier.ts";
import { type ConfigText, loadConfig, type LoadedConfig } from "./load.ts";
import { YAML_MAX_BYTES } from "./yaml.ts";

/** Any of these means that the instance was prepared once; a lone lima.yaml does not. */
const MADE_ONCE = [FILES.hostAgentStdout, FILES.hostAgentStderr, "vz-identifier", FILES.image, FILES.disk, FILES.baseDisk, FILES.diffDisk, FILES.cidata] as const;

/** The text of a file of configuration; undefined when there is none. Throws LimaError `CONFIG_UNREADABLE`. */
async function readText(path: string): Promise<string | undefined> {
  try {
    // One byte more than allowed is enough for the parser to refuse it.
    const file = Bun.file(path).slice(0, YAML_MAX_BYTES + 1);
    return await file.text();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw new LimaError("CONFIG_UNREADABLE", `cannot read "${path}": ${messageOf(error)}`, { cause: error });
  }
}

async function readLayer(path: string): Promise<ConfigText | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : { text, source: path };
}

/** `_config/default.yaml` and `_config/override.yaml`, where they exist; to be spread into a LoadInput. */
export async function readGlobalLayers(ctx: Context): Promise<{ defaults: ConfigText | undefined; overrides: ConfigText | undefined }> {
  const [defaults, overrides] = await Promise.all([CONFIG_FILES.default, CONFIG_FILES.override].map((file) => readLayer(join(ctx.home, CONFIG_DIR, file))));
  return { defaults, overrides };
}

async function madeBefore(dir: string): Promise<{ readonly limaVersion: string } | undefined> {
  const found = await Promise.all(MADE_ONCE.map((file) => exists(join(dir, file))));
  if (!found.includes(true)) return undefined;
  return { limaVersion: (await readText(join(dir, FILES.version)))?.trim() ?? "" };
}

/**
 * Reads and fills the configuration of an instance. Throws LimaError `INSTANCE_NOT_FOUND` when its lima.yaml does not
 * exist, `INVALID_NAME`, `CONFIG_UNREADABLE`, `CONFIG_SYNTAX` or `CONFIG_INVALID`.
 */
export async function readInstanceConfig(ctx: Context, name: string): Promise<LoadedConfig & { readonly text: string }> {
  assertInstanceName(name);
  const dir = join(ctx.home, name);
  const source = join(dir, FILES.config);
  const [text, layers, existing] = await Promise.all([readText(source), readGlobalLayers(ctx), madeBefore(dir)]);
  if (text === undefined) throw new LimaError("INSTANCE_NOT_FOUND", `instance "${name}" does not exist`, { hint: `run "limactl create ${name}"` });
  return { text, ...loadConfig({ text, source, name, dir, host: gatherHostFacts(), version: ctx.version, existing, ...layers }) };
}
