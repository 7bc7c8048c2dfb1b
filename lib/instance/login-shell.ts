import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { CONFIG_DIR, CONFIG_FILES, FILES } from "../store/filenames.ts";

/** What `user.shell` is when nobody says otherwise. */
const DEFAULT_SHELL = "/bin/bash";

const MENTIONS_SHELL = /(?:^|[{,])\s*["']?shell["']?\s*:/m;

function mentionsShell(path: string): boolean {
  try {
    return MENTIONS_SHELL.test(readFileSync(path, "utf8"));
  } catch {
    return false;
  }
}

/**
 * The login shell that the configuration gives the guest user. Reading a whole configuration would double the time of
 * `lima shell`, so it is only read when one of its files has such a key at all.
 */
export async function loginShell(ctx: Context, name: string, dir: string): Promise<string> {
  const files = [join(dir, FILES.config), join(ctx.home, CONFIG_DIR, CONFIG_FILES.default), join(ctx.home, CONFIG_DIR, CONFIG_FILES.override)];
  if (!files.some(mentionsShell)) return DEFAULT_SHELL;
  const { readInstanceConfig } = await import("../config/read.ts");
  return (await readInstanceConfig(ctx, name)).config.user.shell;
}
