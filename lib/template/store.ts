import { readdir } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError } from "../base/errors.ts";
import { exists } from "../host/files.ts";
import { TEMPLATES_DIR } from "../store/filenames.ts";

/** Templates by name, without `.yaml`. */
export type TemplateSet = Readonly<Record<string, string>>;

/** The set inside the executable. */
export async function embeddedTemplates(): Promise<TemplateSet> {
  return (await import("../../templates/embed.ts")).templates;
}

type Places = Pick<Context, "env" | "home" | "shareDir">;

/** Where templates are looked for, in this order; the embedded set comes after them unless LIMA_TEMPLATES_PATH replaces all. */
function directories({ env, home, shareDir }: Places): { readonly dirs: readonly string[]; readonly embedded: boolean } {
  const path = env["LIMA_TEMPLATES_PATH"];
  if (path !== undefined && path !== "") return { dirs: path.split(delimiter).filter((dir) => dir !== ""), embedded: false };
  return { dirs: [join(home, TEMPLATES_DIR), ...(shareDir === undefined ? [] : [join(shareDir, "templates")])], embedded: true };
}

/** The file of a template: `.yaml` is added to names without an extension, and a version is none (`ubuntu-24.04`). */
function fileOf(name: string): string {
  return /\.[A-Za-z][^./]*$/.test(name) ? name : `${name}.yaml`;
}

export type Found = { readonly path: string } | { readonly text: string };

/** Finds `template:NAME`, first hit wins. Throws LimaError `TEMPLATE_NOT_FOUND`, or `INVALID_NAME` for one with "..". */
export async function findTemplate(places: Places, name: string, embeddedSet: () => Promise<TemplateSet> = embeddedTemplates): Promise<Found> {
  if (name === "") throw new LimaError("INVALID_NAME", `invalid template name "": must not be empty`);
  if (name.includes("..")) throw new LimaError("INVALID_NAME", `invalid template name "${name}": must not contain ".."`);
  const { dirs, embedded } = directories(places);
  const file = fileOf(name);
  for (const dir of dirs) {
    const path = join(dir, file);
    if (await exists(path)) return { path };
  }
  const set = embedded ? await embeddedSet() : {};
  const key = file.replace(/\.yaml$/, "");
  const text = Object.hasOwn(set, key) ? set[key] : undefined;
  if (text !== undefined) return { text };
  throw new LimaError("TEMPLATE_NOT_FOUND", `template "${name}" not found`, { hint: `run "limactl create --list-templates"` });
}

export interface ListedTemplate {
  readonly name: string;
  /** A path; `template:NAME` for one inside the executable. */
  readonly location: string;
}

async function listDirectory(dir: string): Promise<ListedTemplate[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.name.endsWith(".yaml") && !entry.name.startsWith(".") && !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((location) => ({ name: relative(dir, location).replaceAll("\\", "/").replace(/\.yaml$/, ""), location }));
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** Every template by name, sorted; the first place that has a name wins. Names starting with `_` are parts of others. */
export async function listTemplates(places: Places, embeddedSet: () => Promise<TemplateSet> = embeddedTemplates): Promise<ListedTemplate[]> {
  const { dirs, embedded } = directories(places);
  const inside = embedded ? Object.keys(await embeddedSet()).map((name) => ({ name, location: `template:${name}` })) : [];
  const found = new Map<string, ListedTemplate>();
  for (const template of [...(await Promise.all(dirs.map(listDirectory))).flat(), ...inside]) {
    if (!found.has(template.name)) found.set(template.name, template);
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
