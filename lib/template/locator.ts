import { createReadStream } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError, messageOf } from "../base/errors.ts";
import { hostArch } from "../host/machine.ts";
import { hostUser } from "../host/user.ts";
import { exists } from "../host/files.ts";
import { CONFIG_DIR, CONFIG_FILES } from "../store/filenames.ts";
import { fetchTemplate } from "./http.ts";
import { imageTemplate, isImageLocator } from "./image.ts";
import { readLimited } from "./limited.ts";
import { lastPart, nameFromFile } from "./name.ts";
import { embeddedTemplates, findTemplate, type TemplateSet } from "./store.ts";

export interface Template {
  readonly text: string;
  /** What an instance of it is called when nobody says otherwise; undefined when the locator gives no name. */
  readonly name: string | undefined;
  /** For messages: a path, a URL, `template:NAME` or `stdin`. */
  readonly source: string;
}

/** Where the text may come from besides the disk and the network. */
export interface TemplateInputs {
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  readonly embedded?: () => Promise<TemplateSet>;
}

async function readPath(path: string, signal: AbortSignal): Promise<string> {
  try {
    // A stream, because the path may be a pipe: `lima create <(make-template)`.
    return await readLimited(createReadStream(path), path, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LimaError) throw error;
    if (codeOf(error) === "ENOENT") throw new LimaError("TEMPLATE_NOT_FOUND", `cannot read template "${path}": no such file`, { cause: error });
    if (codeOf(error) === "EISDIR") throw new LimaError("TEMPLATE_UNREADABLE", `cannot read template "${path}": it is a directory`, { cause: error });
    throw new LimaError("TEMPLATE_UNREADABLE", `cannot read template "${path}": ${messageOf(error)}`, { cause: error });
  }
}

function localPath(locator: string): string {
  if (locator === "~" || locator.startsWith("~/")) return join(hostUser().home, locator.slice(1));
  return resolve(locator);
}

/** `file:///abs` → `/abs`. */
function fileUrlPath(locator: string): string {
  const path = locator.slice("file://".length);
  if (!isAbsolute(path)) throw new LimaError("INVALID_LOCATOR", `invalid template locator "${locator}": a file URL takes an absolute path`);
  return path;
}

async function fromStore(ctx: Context, name: string, inputs: TemplateInputs): Promise<Template> {
  const found = await findTemplate(ctx, name, inputs.embedded ?? embeddedTemplates);
  const inferred = nameFromFile(lastPart(name));
  return "path" in found ? { text: await readPath(found.path, ctx.signal), name: inferred, source: found.path } : { text: found.text, name: inferred, source: `template:${name}` };
}

function fromImage(ctx: Context, locator: string): Template {
  const location = /^https?:\/\//i.test(locator) ? locator : locator.startsWith("file://") ? fileUrlPath(locator) : localPath(locator);
  const { text, name, guessed, arch } = imageTemplate(location, hostArch());
  if (guessed) ctx.log.warn(`cannot tell the architecture of image "${locator}" from its name: assuming ${arch}`);
  return { text, name, source: locator };
}

async function readLocator(ctx: Context, locator: string, inputs: TemplateInputs): Promise<Template> {
  if (locator === "") throw new LimaError("INVALID_LOCATOR", "invalid template locator \"\": must not be empty");
  if (locator.startsWith("template:")) {
    const old = locator.startsWith("template://");
    const name = locator.slice(old ? "template://".length : "template:".length);
    if (old) ctx.log.warn(`template locator "${locator}" should be written "template:${name}"`);
    return fromStore(ctx, name, inputs);
  }
  if (locator.startsWith("github:")) throw new LimaError("INVALID_LOCATOR", `invalid template locator "${locator}": github: is not supported by this version yet`, { hint: "use the https:// URL of the file" });
  if (isImageLocator(locator)) return fromImage(ctx, locator);
  if (/^https?:\/\//i.test(locator)) {
    if (URL.parse(locator) === null) throw new LimaError("INVALID_LOCATOR", `invalid template locator "${locator}": not a URL`);
    return { text: await fetchTemplate(ctx, locator), name: nameFromFile(lastPart(locator)), source: locator };
  }
  if (locator === "-") return { text: await readLimited((inputs.stdin ?? (() => Bun.stdin.stream()))(), "stdin", ctx.signal), name: undefined, source: "stdin" };
  const path = locator.startsWith("file://") ? fileUrlPath(locator) : localPath(locator);
  return { text: await readPath(path, ctx.signal), name: nameFromFile(lastPart(path)), source: path };
}

/**
 * Reads a template: `template:NAME`, a path, `file:///PATH`, an http(s) URL, `-` (stdin), or a disk image, which gives a
 * template with that one image. Throws LimaError `TEMPLATE_NOT_FOUND`, `TEMPLATE_UNREADABLE`, `TEMPLATE_TOO_LARGE`,
 * `TEMPLATE_DOWNLOAD`, `INVALID_LOCATOR` or `INVALID_NAME`, and the signal's reason. The text is not parsed here.
 */
export async function readTemplate(ctx: Context, locator: string, inputs: TemplateInputs = {}): Promise<Template> {
  const template = await readLocator(ctx, locator, inputs);
  const base = join(ctx.home, CONFIG_DIR, CONFIG_FILES.base);
  if (await exists(base)) ctx.log.warn(`file "${base}" is not supported by this version yet: it has no effect`);
  return template;
}
