import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { gatherHostFacts } from "../config/host-facts.ts";
import { CONFIG_DIR, CONFIG_FILES } from "../store/filenames.ts";
import type { HostFacts } from "./record.ts";

/** What records of instances tell of this host. */
export function hostFacts({ home }: Pick<Context, "home">): HostFacts {
  const { platform, arch } = gatherHostFacts();
  return { os: platform, arch, home, identityFile: join(home, CONFIG_DIR, CONFIG_FILES.userKey) };
}
