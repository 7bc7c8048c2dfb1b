import { drivers } from "../drivers/registry.ts";
import type { Context } from "../lib/base/context.ts";
import { matches, query } from "../lib/expr/query.ts";
import { hostFacts } from "../lib/instance/host-facts.ts";
import { type Instance, inspectInstance } from "../lib/instance/inspect.ts";
import { type HostFacts, instanceRecord } from "../lib/instance/record.ts";
import { instanceExists } from "../lib/store/instance.ts";
import { formatRecord, type FormatOptions } from "./list-format.ts";

/** Names of the instances for which all expressions hold. They see what `--json` prints, without the deprecated fields. */
export async function matchingNames(ctx: Context, names: readonly string[], filters: readonly string[]): Promise<readonly string[]> {
  const host = hostFacts(ctx);
  const kept: string[] = [];
  for (const name of names) {
    if (!instanceExists(ctx.home, name)) continue;
    const { HostOS: _os, HostArch: _arch, LimaHome: _home, IdentityFile: _key, ...record } = instanceRecord(await inspectInstance(ctx, drivers, name), host);
    if (matches(record, filters)) kept.push(name);
  }
  return kept;
}

/** What expressions give for an instance, in lines of JSON or documents of YAML. */
export function queryInstance(instance: Instance, host: HostFacts, expressions: readonly string[], format: "json" | "yaml", { first, terminal }: FormatOptions): string {
  const texts: string[] = [];
  for (const result of query(instanceRecord(instance, host), expressions)) texts.push(formatRecord(result, format, { first: first && texts.length === 0, terminal }));
  return texts.join("");
}
