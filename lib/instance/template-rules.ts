import type { MissingField } from "../base/template/evaluate.ts";
import type { TemplateRules } from "../base/template/render.ts";
import { LATER } from "../config/later.ts";
import type { Config } from "../config/schema.ts";
import { didYouMean } from "../config/suggest.ts";

/** Go's own words, which scripts look for. */
const NO_FIELD = "can't evaluate field";

/** Maps with keys of any name, and all below them: a missing key is empty, as are its parts. */
const FREE = /^(?:env|vmOpts)(?:\.|$)/;
/** Keys of any name too, but those that are used have been declared. */
const DECLARED = "param";

/** Fields that a configuration may lack; LATER has those that this version never fills in. Indices are `[]`. */
const OPTIONAL: ReadonlySet<string> = new Set([
  "minimumLimaVersion",
  ...["", ".kernel", ".initrd"].map((file) => `images[]${file}.digest`),
  ...["kernel", "kernel.cmdline", "initrd", "variant", "archVariant"].map((name) => `images[].${name}`),
  ...["content", "path", "owner", "permissions", "overwrite"].map((name) => `provision[].${name}`),
].map((name) => name.toLowerCase()));
const KNOWN: ReadonlySet<string> = new Set([...OPTIONAL, ...Object.keys(LATER).map((name) => name.toLowerCase())]);

/** Where each map of a configuration stands in it. */
function placesOf(config: object): WeakMap<object, string> {
  const places = new WeakMap<object, string>();
  const visit = (value: unknown, place: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, `${place}[]`);
      return;
    }
    places.set(value, place);
    for (const [key, item] of Object.entries(value)) visit(item, place === "" ? key : `${place}.${key}`);
  };
  visit(config, "");
  return places;
}

function missing({ name, owner, value }: MissingField): string {
  const known = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return `${NO_FIELD} ${name}${owner === "" ? "" : ` in ${owner}`}${didYouMean(name, known)}`;
}

/**
 * How templates reach an instance's facts: `.Instance` is the record itself, and a field of `.Config` may be written by
 * Go's name or by that of lima.yaml (`.Config.VMOpts.vz`, `.Config.vmOpts.vz`).
 */
export function instanceRules(record: object, config: Config | undefined): TemplateRules {
  let places: WeakMap<object, string> | undefined;
  return {
    missing,
    hint: didYouMean,
    field: (owner, name) => {
      if (owner === record) return name === "Instance" ? { value: record } : undefined;
      places ??= placesOf(config ?? {});
      const place = places.get(owner);
      // An unreadable configuration has no fields at all; its instance is listed with what is wrong.
      if (config === undefined) return { value: undefined };
      if (place === undefined || place === DECLARED) return undefined;
      if (FREE.test(place)) return { value: undefined };
      const wanted = name.toLowerCase();
      const own = Object.entries(owner).find(([key]) => key.toLowerCase() === wanted);
      if (own !== undefined) return { value: own[1] as unknown };
      return KNOWN.has(place === "" ? wanted : `${place.toLowerCase()}.${wanted}`) ? { value: undefined } : undefined;
    },
  };
}
