import { join } from "node:path";
import { drivers } from "../drivers/registry.ts";
import { ARCHES } from "../lib/config/schema.ts";
import { gatherHostFacts } from "../lib/config/host-facts.ts";
import { loadConfig } from "../lib/config/load.ts";
import { readGlobalLayers } from "../lib/config/read.ts";
import { guestAgentPath } from "../lib/host/assets.ts";
import { DEFAULT_BLOCK } from "../lib/instance/shell-env.ts";
import { CONFIG_DIR, CONFIG_FILES } from "../lib/store/filenames.ts";
import { readTemplate } from "../lib/template/locator.ts";
import { listTemplates } from "../lib/template/store.ts";
import { command } from "./cli/define.ts";

export default command({
  args: {
    yq: { type: "string", valueHint: "EXPR", description: "Show what a yq expression gives for it (default .)" },
  },
  usage: "",
  positionals: [0, 0],
  async run({ flags, ctx, out }) {
    const { text, source } = await readTemplate(ctx, "template:default");
    const host = gatherHostFacts();
    const { config } = loadConfig({ text, source, name: "default", dir: join(ctx.home, "default"), host, version: ctx.version, ...(await readGlobalLayers(ctx)) });
    const agents = await Promise.all(ARCHES.map(async (arch) => [arch, await guestAgentPath({ arch, shareDir: ctx.shareDir, cacheDir: ctx.cacheDir })] as const));
    const info = {
      version: ctx.version,
      templates: await listTemplates(ctx),
      defaultTemplate: config,
      limaHome: ctx.home,
      vmTypes: Object.keys(drivers),
      vmTypesEx: Object.fromEntries(Object.keys(drivers).map((name) => [name, { location: "internal" }])),
      guestAgents: Object.fromEntries(agents.flatMap(([arch, location]) => (location === undefined ? [] : [[arch, { location }]]))),
      shellEnvBlock: DEFAULT_BLOCK,
      hostOS: host.platform,
      hostArch: host.arch,
      identityFile: join(ctx.home, CONFIG_DIR, CONFIG_FILES.userKey),
      plugins: null,
      libexecPaths: null,
      sharePaths: ctx.shareDir === undefined ? null : [ctx.shareDir],
    };
    const results = flags.yq === undefined ? [info] : (await import("../lib/expr/query.ts")).query(info, [flags.yq]);
    out.write(results.map((result) => `${typeof result === "string" ? result : JSON.stringify(result, undefined, 4)}\n`).join(""));
  },
});
