import { LimaError } from "../base/errors.ts";
import { YamlEditor } from "./document.ts";

/** Values of the create/start/edit flags that change the configuration; absent means not given. */
export interface ConfigEdits {
  readonly cpus?: number;
  /** Appended to what is there. */
  readonly dns?: readonly string[];
  /** A number is GiB. */
  readonly memory?: string | number;
  readonly vmType?: string;
  /** Only names that the template defines. */
  readonly param?: Readonly<Record<string, string>>;
  readonly video?: boolean;
  readonly sshPort?: number;
  readonly arch?: string;
  /** A number is GiB. */
  readonly disk?: string | number;
  readonly plain?: boolean;
  readonly shell?: string;
}

function editError(flag: string, value: unknown, reason: string): LimaError {
  return new LimaError("CONFIG_EDIT", `cannot apply "--${flag} ${String(value)}": ${reason}`);
}

function sizeText(flag: string, size: string | number): string {
  if (typeof size === "string") return size;
  if (!Number.isFinite(size) || size < 0) throw editError(flag, size, "must be a number of GiB, 0 or more");
  return `${size}GiB`;
}

function editParams(editor: YamlEditor, params: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(params)) {
    if (editor.get(["param", name]) === undefined) throw editError("param", `${name}=${value}`, `the template does not define param "${name}"`);
    editor.set(["param", name], value);
  }
}

/** The key and the value for each plain flag, in the order in which the reference applies them. */
function plainEdits(edits: ConfigEdits): [path: string[], value: string | number | boolean | undefined][] {
  const { memory, disk, video } = edits;
  return [
    [["cpus"], edits.cpus],
    [["memory"], memory === undefined ? undefined : sizeText("memory", memory)],
    [["vmType"], edits.vmType],
    [["video", "display"], video === undefined ? undefined : video ? "default" : "none"],
    [["ssh", "localPort"], edits.sshPort],
    [["arch"], edits.arch],
    [["disk"], disk === undefined ? undefined : sizeText("disk", disk)],
    [["plain"], edits.plain],
    [["user", "shell"], edits.shell],
  ];
}

/**
 * Applies flags to a YAML text and keeps its comments and the order of its keys; without flags the text is returned as
 * it is. Throws LimaError `CONFIG_SYNTAX`, or `CONFIG_EDIT` naming the flag. The result is not validated: load it.
 */
export function applyEdits(text: string, edits: ConfigEdits, source: string): string {
  if (Object.values(edits).every((value) => value === undefined)) return text;
  if (edits.cpus !== undefined && !(Number.isInteger(edits.cpus) && edits.cpus >= 0)) throw editError("cpus", edits.cpus, "must be a whole number, 0 or more");
  const editor = new YamlEditor(text, source);
  for (const [path, value] of plainEdits(edits)) if (value !== undefined) editor.set(path, value);
  if (edits.dns !== undefined) {
    const old = editor.get(["dns"]);
    editor.set(["dns"], [...new Set([...(Array.isArray(old) ? (old as unknown[]) : []), ...edits.dns])]);
    // A list of name servers and the host's resolver exclude each other.
    editor.set(["hostResolver", "enabled"], false);
  }
  if (edits.param !== undefined) editParams(editor, edits.param);
  return editor.toString();
}
