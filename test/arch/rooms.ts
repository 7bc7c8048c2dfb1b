/** Rooms of lib/, lowest first. A room may import the ones before it; two on one line do not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ["protocol"], ["base"], ["host"], ["config"], ["store"], ["expr"], ["download"], ["template"], ["image"], ["cidata"], ["ssh"], ["network"], ["portfwd"], ["driver"],
  ["hostagent", "instance"],
];

/** The rooms of lib/ that a driver is built on. */
const FOR_DRIVERS = ["protocol", "base", "host", "config", "store", "download", "image", "driver"];

/** Generated modules of text and the one room that reads each. */
const TEXTS: Readonly<Record<string, string>> = { "guest/boot/embed.ts": "lib/cidata", "templates/embed.ts": "lib/template" };

/** Names of files on disk, written down once for everybody: it imports nothing, so no circle can come of it. */
const LEAF = "lib/store/filenames.ts";

/** `lib/ssh`, `drivers/qemu`, `guest/agent`, `drivers` (its registry), `cmd`, `templates`, `test`, `.ci`, `` (the root). */
export function room(path: string): string {
  const parts = path.split("/").slice(0, -1);
  return ["lib", "drivers", "guest"].includes(parts[0] ?? "") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

const layer = (name: string): number => LAYERS.findIndex((names) => names.includes(name));

/** May the file `from` import the file `to`, also only for a type? Paths relative to the root. */
export function mayImport(from: string, to: string): boolean {
  const [a, b] = [room(from), room(to)];
  if (a === "test" || a === b) return true;
  if (b === "test") return false;
  if (to in TEXTS) return TEXTS[to] === a;
  if (to === LEAF && a.startsWith("lib/") && a !== "lib/protocol") return true;
  const lib = b.startsWith("lib/") && layer(b.slice(4)) >= 0 ? b.slice(4) : undefined;
  switch (a) {
    case "cmd": return lib !== undefined || to === "drivers/registry.ts" || to === "package.json";
    case "drivers": return lib === "driver" || /^drivers\/[^/]+\/driver\.ts$/.test(to);
    // Its own version, and nothing else of the project.
    case "guest/agent": return lib === "protocol" || to === "package.json";
    case ".ci": return lib === "base" || lib === "host" || to === "package.json";
  }
  if (lib === undefined) return false;
  if (a.startsWith("drivers/")) return FOR_DRIVERS.includes(lib);
  return a.startsWith("lib/") && layer(lib) < layer(a.slice(4));
}
