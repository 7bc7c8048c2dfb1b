import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Where packages come from. `security` is missing where the host names none. */
export interface Mirror {
  readonly main: string;
  readonly security?: string;
}

const PUBLIC: Mirror = { main: "http://deb.debian.org/debian", security: "http://deb.debian.org/debian-security" };

/** One source of apt's configuration, by suite. */
interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/**
 * The mirror to build from: `LIMA_DEBIAN_MIRROR`, else the one that this host, if it is a Debian, installs its own
 * packages from, else the public one. Reads files, asks nobody. `etc` is where the host's configuration lies.
 */
export async function findMirror(env: Env, etc = "/etc"): Promise<Mirror> {
  const given = env["LIMA_DEBIAN_MIRROR"];
  if (given !== undefined && given !== "") {
    const main = given.replace(/\/+$/, "");
    // By custom the two archives lie side by side; whether they do here is seen at the build.
    return main.endsWith("/debian") ? { main, security: `${main}-security` } : { main };
  }
  const release = parseOsRelease(await readText(join(etc, "os-release")));
  if (release["ID"] !== "debian") return PUBLIC;
  return chooseMirror(await readSources(join(etc, "apt")), release["VERSION_CODENAME"]) ?? PUBLIC;
}

/** The mirror among a Debian host's sources. */
export function chooseMirror(sources: readonly AptSource[], codename: string | undefined): Mirror | undefined {
  const names = [codename, "stable", "testing", "unstable", "sid", "oldstable"].filter((name) => name !== undefined);
  const usable = sources.filter((source) => source.components.includes("main") && /^https?:\/\//.test(source.uri));
  const main = usable.filter((source) => names.includes(source.suite));
  // Other vendors name their suites after Debian's, too; an archive of Debian is called so by nearly everybody.
  const chosen = main.find((source) => source.uri.endsWith("/debian")) ?? main[0];
  if (chosen === undefined) return undefined;
  const security = usable.find((source) => names.some((name) => source.suite === `${name}-security` || source.suite === `${name}/updates`));
  return { main: chosen.uri, ...(security === undefined ? {} : { security: security.uri }) };
}

async function readSources(apt: string): Promise<readonly AptSource[]> {
  const parts = (await readdir(join(apt, "sources.list.d")).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1)).map((name) => join("sources.list.d", name));
  const sources: AptSource[] = [];
  for (const name of ["sources.list", ...parts]) {
    const text = await readText(join(apt, name));
    const found = name.endsWith(".list") ? parseOneLine(text) : name.endsWith(".sources") ? parseDeb822(text) : [];
    for (const source of found) sources.push({ ...source, uri: (await followList(source.uri)).replace(/\/+$/, "") });
  }
  return sources;
}

/** Debian's cloud images name a file with a list of mirrors, best first. */
async function followList(uri: string): Promise<string> {
  const path = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  return path === undefined ? uri : (/^\s*(https?:\S+)/m.exec(await readText(path))?.[1] ?? uri);
}

/** `deb [options] URI SUITE COMPONENT...`, one a line (sources.list(5)). */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split("\n").flatMap((line) => {
    const [, uri, suite, components] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+([^\s#]+)([^#]*)/.exec(line) ?? [];
    return uri === undefined || suite === undefined ? [] : [{ uri, suite, components: words(components) }];
  });
}

/** Paragraphs of `Field: values`, continued on indented lines (sources.list(5), deb822 style). */
export function parseDeb822(text: string): readonly AptSource[] {
  const paragraphs = text.split("\n").filter((line) => !line.startsWith("#")).join("\n").split(/\n\s*\n/);
  return paragraphs.flatMap((paragraph) => {
    const fields = new Map([...paragraph.matchAll(/^([A-Za-z-]+):(.*(?:\n[ \t].*)*)/gm)].map(([, name = "", value]) => [name.toLowerCase(), words(value)]));
    const of = (name: string): readonly string[] => fields.get(name) ?? [];
    if (!of("types").includes("deb") || of("enabled").some((word) => /^(no|false|off|0|without|disable)$/i.test(word))) return [];
    return of("uris").flatMap((uri) => of("suites").map((suite) => ({ uri, suite, components: of("components") })));
  });
}

function words(text: string | undefined): readonly string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

function parseOsRelease(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=["']?(.*?)["']?$/gm)].map(([, key = "", value = ""]) => [key, value]));
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
