import { expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IsoFile, writeIso } from "./iso9660.ts";

const SECTOR = 2048;

interface Found {
  readonly text: string;
  readonly mode: number | undefined;
}

/** Walks one tree of the image by the standard's offsets, independently of the writer's code. */
function readTree(image: Buffer, kind: "rockridge" | "joliet"): Map<string, Found> {
  const found = new Map<string, Found>();
  const at = (kind === "rockridge" ? 16 : 17) * SECTOR;
  expect(image.toString("latin1", at + 1, at + 6)).toBe("CD001");
  expect(image[at]).toBe(kind === "rockridge" ? 1 : 2);
  const walk = (sector: number, bytes: number, prefix: string, depth: number): void => {
    expect(depth).toBeLessThan(10);
    const end = sector * SECTOR + bytes;
    for (let p = sector * SECTOR, n = 0; p < end; n++) {
      const length = image[p] ?? 0;
      if (length === 0) {
        // The rest of the sector is padding.
        p = (Math.floor(p / SECTOR) + 1) * SECTOR;
        continue;
      }
      expect(Math.floor(p / SECTOR)).toBe(Math.floor((p + length - 1) / SECTOR));
      const start = image.readUInt32LE(p + 2);
      const size = image.readUInt32LE(p + 10);
      expect(image.readUInt32BE(p + 6)).toBe(start);
      expect(image.readUInt32BE(p + 14)).toBe(size);
      const idLength = image[p + 32] ?? 0;
      const id = image.subarray(p + 33, p + 33 + idLength);
      let name = kind === "joliet" && idLength % 2 === 0 ? Buffer.from(id).swap16().toString("utf16le").replace(/;1$/, "") : "";
      let mode: number | undefined;
      for (let u = p + 33 + idLength + (idLength % 2 === 0 ? 1 : 0); kind === "rockridge" && u + 4 <= p + length; ) {
        const signature = image.toString("latin1", u, u + 2);
        const entry = image[u + 2] ?? 0;
        if (entry === 0) break;
        if (signature === "NM") name = image.toString("utf8", u + 5, u + entry);
        if (signature === "PX") mode = image.readUInt32LE(u + 4);
        u += entry;
      }
      if (n >= 2) {
        if (((image[p + 25] ?? 0) & 2) !== 0) walk(start, size, `${prefix}${name}/`, depth + 1);
        else found.set(prefix + name, { text: image.toString("utf8", start * SECTOR, start * SECTOR + size), mode });
      }
      p += length;
    }
  };
  walk(image.readUInt32LE(at + 156 + 2), image.readUInt32LE(at + 156 + 10), "", 0);
  return found;
}

async function scratch(): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), "iso-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

const failureOf = (work: Promise<unknown>): Promise<string> => work.then(() => "", (error: unknown) => String(error));

test("both trees hold every file with its name and bytes; Rock Ridge its mode", async () => {
  await using at = await scratch();
  const big = Buffer.alloc(9_000_001, 7);
  await writeFile(join(at.dir, "big"), big);
  const files: IsoFile[] = [
    { name: "user-data", content: "#cloud-config\n" },
    { name: "empty", content: "" },
    { name: "exactly-one-sector", content: "x".repeat(SECTOR) },
    { name: "lima-guestagent", content: { path: join(at.dir, "big") }, mode: 0o755 },
    { name: "ümläut.txt", content: "ö" },
    { name: "a/b/c/deep", content: new Uint8Array([104, 105]) },
    // More than one sector of directory records, names that only differ late.
    ...Array.from({ length: 80 }, (_, i) => ({ name: `boot.Linux/a-long-module-name-${i}.sh`, content: `echo ${i}\n`, mode: 0o755 })),
  ];
  await writeIso(join(at.dir, "x.iso"), "cidata", files);
  const image = await readFile(join(at.dir, "x.iso"));

  expect(image.length % SECTOR).toBe(0);
  expect(image.readUInt32LE(16 * SECTOR + 80)).toBe(image.length / SECTOR);
  expect(image.toString("latin1", 16 * SECTOR + 40, 16 * SECTOR + 72)).toBe("cidata".padEnd(32));
  expect([image[18 * SECTOR], image.toString("latin1", 18 * SECTOR + 1, 18 * SECTOR + 6)]).toEqual([255, "CD001"]);
  for (const kind of ["rockridge", "joliet"] as const) {
    const tree = readTree(image, kind);
    expect([...tree.keys()].sort()).toEqual(files.map((f) => f.name).sort());
    for (const { name, content, mode } of files) {
      const text = typeof content === "string" ? content : content instanceof Uint8Array ? Buffer.from(content).toString() : big.toString();
      expect(tree.get(name)?.text === text).toBe(true);
      if (kind === "rockridge") expect(tree.get(name)?.mode).toBe(0o100000 | (mode ?? 0o644));
    }
  }
});

test("an image in use is replaced, not rewritten, and nothing is left behind", async () => {
  await using at = await scratch();
  const target = join(at.dir, "cidata.iso");
  await writeIso(target, "cidata", [{ name: "a", content: "1" }]);
  const { ino } = await stat(target);
  await writeIso(target, "cidata", [{ name: "a", content: "2" }]);
  expect((await stat(target)).ino).not.toBe(ino);
  expect(await readdir(at.dir)).toEqual(["cidata.iso"]);
});

test("a missing source or an abort leaves the old image and no temporary file", async () => {
  await using at = await scratch();
  const target = join(at.dir, "cidata.iso");
  await writeIso(target, "cidata", [{ name: "a", content: "old" }]);
  expect(await failureOf(writeIso(target, "cidata", [{ name: "a", content: { path: join(at.dir, "missing") } }]))).toContain("ENOENT");
  await writeFile(join(at.dir, "source"), "x".repeat(10_000));
  const signal = AbortSignal.abort(new Error("stopped"));
  expect(await failureOf(writeIso(target, "cidata", [{ name: "a", content: { path: join(at.dir, "source") } }], { signal }))).toContain("stopped");
  expect(readTree(await readFile(target), "joliet").get("a")?.text).toBe("old");
  expect((await readdir(at.dir)).sort()).toEqual(["cidata.iso", "source"]);
});

test("a name that does not fit into a directory record is refused", async () => {
  await using at = await scratch();
  expect(await failureOf(writeIso(join(at.dir, "x.iso"), "cidata", [{ name: "n".repeat(200), content: "" }]))).toContain("exceeds 255");
  expect(await readdir(at.dir)).toEqual([]);
});
