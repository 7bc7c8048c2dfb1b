import { drivers } from "../drivers/registry.ts";
import { join } from "node:path";
import { LimaError } from "../lib/base/errors.ts";
import { gatherHostFacts } from "../lib/config/host-facts.ts";
import { loadConfig } from "../lib/config/load.ts";
import { readGlobalLayers } from "../lib/config/read.ts";
import { stringifyYaml } from "../lib/config/yaml.ts";
import { loadDriver } from "../lib/driver/select.ts";
import { readTemplate } from "../lib/template/locator.ts";
import { command } from "./cli/define.ts";

export default command({
  args: {
    fill: { type: "boolean", description: "Show the YAML with all defaults filled in" },
  },
  usage: "TEMPLATE...",
  positionals: [1, Number.POSITIVE_INFINITY],
  details: "TEMPLATE is template:NAME, a file or a URL. Ends at the first bad one.",
  async run({ flags, rest, ctx, out }) {
    for (const locator of rest) {
      if (locator === "-") throw new LimaError("USAGE", 'cannot validate "-": stdin has no name');
      const { text, source, name = "instance" } = await readTemplate(ctx, locator);
      const { config, warnings } = loadConfig({ text, source, name, dir: join(ctx.home, name), host: gatherHostFacts(), version: ctx.version, ...(await readGlobalLayers(ctx)) });
      for (const warning of warnings) ctx.log.warn(warning);
      await loadDriver(ctx, drivers, config.vmType);
      ctx.log.info(`"${locator}": OK`);
      if (flags.fill === true) out.write(rest.length > 1 ? `---\n${stringifyYaml(config)}...\n` : stringifyYaml(config));
    }
  },
});
