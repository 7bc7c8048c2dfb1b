import { open, rename, rm, stat } from "node:fs/promises";
import { temporaryName } from "../host/files.ts";
import {
  DIRECTORY_MODE, directoryRecord, encodeName, entryUse, type Extent, packRecords, pathTableEntry, SECTOR, selfUse, terminator, type TreeKind, volumeDescriptor,
} from "./iso9660-record.ts";

/** Bytes of a file in the image; `path` is a file on the host, copied in pieces. */
export type IsoContent = string | Uint8Array | { readonly path: string };

export interface IsoFile {
  /** Path in the image, `/` separated; directories come into being by being named. */
  readonly name: string;
  readonly content: IsoContent;
  /** Permission bits, 0644 when absent. */
  readonly mode?: number;
}

interface FileNode {
  readonly name: string;
  readonly source: Uint8Array | { readonly path: string };
  readonly bytes: number;
  readonly mode: number;
  sector: number;
}

interface DirectoryNode {
  readonly name: string;
  readonly parent: DirectoryNode | undefined;
  readonly directories: DirectoryNode[];
  readonly files: FileNode[];
  /** Per tree; filled while laying out. */
  readonly extents: Record<TreeKind, Extent>;
}

const KINDS: readonly TreeKind[] = ["rockridge", "joliet"];
const SELF = Buffer.from([0]);
const PARENT = Buffer.from([1]);
// Two pieces are in flight: one is read while the other is written.
const PIECE_BYTES = 4 << 20;

function newDirectory(name: string, parent: DirectoryNode | undefined): DirectoryNode {
  return { name, parent, directories: [], files: [], extents: { rockridge: { sector: 0, bytes: 0 }, joliet: { sector: 0, bytes: 0 } } };
}

async function buildTree(files: readonly IsoFile[]): Promise<DirectoryNode> {
  const root = newDirectory("", undefined);
  for (const { name, content, mode } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const parts = name.split("/");
    const base = parts.pop() ?? "";
    let at = root;
    for (const part of parts) {
      const known = at.directories.find((d) => d.name === part);
      const next = known ?? newDirectory(part, at);
      if (!known) at.directories.push(next);
      at = next;
    }
    const source = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const bytes = source instanceof Uint8Array ? source.length : (await stat(source.path)).size;
    if (bytes >= 2 ** 32) throw new RangeError(`"${name}" of ${bytes} bytes does not fit into an ISO 9660 image`);
    at.files.push({ name: base, source, bytes, mode: 0o100000 | (mode ?? 0o644), sector: 0 });
  }
  return root;
}

/** All directories, parents first: the order of the path table. */
function breadthFirst(root: DirectoryNode): DirectoryNode[] {
  const out = [root];
  for (const directory of out) out.push(...directory.directories);
  return out;
}

/** A name that ISO 9660 level 1 allows, unique in its directory by its index; readers show the Rock Ridge or Joliet name. */
function plainName(directory: DirectoryNode, node: DirectoryNode | FileNode): string {
  const isFile = "bytes" in node;
  const index = isFile ? directory.directories.length + directory.files.indexOf(node) : directory.directories.indexOf(node);
  const upper = node.name.toUpperCase().replace(/[^A-Z0-9.]/g, "_");
  const dot = upper.lastIndexOf(".");
  const stem = (dot > 0 ? upper.slice(0, dot) : upper).replaceAll(".", "_").slice(0, 5) + String(index).padStart(3, "0");
  return isFile ? `${stem}.${dot > 0 ? upper.slice(dot + 1, dot + 4) : ""};1` : stem;
}

function identifier(parent: DirectoryNode, node: DirectoryNode | FileNode, kind: TreeKind): Buffer {
  if (kind === "rockridge") return encodeName(plainName(parent, node), kind);
  return encodeName("bytes" in node ? `${node.name};1` : node.name, kind);
}

function directoryBytes(directory: DirectoryNode, kind: TreeKind, when: Date): Buffer {
  const use = (bytes: () => Buffer): Buffer => (kind === "rockridge" ? bytes() : Buffer.alloc(0));
  const links = (d: DirectoryNode): number => 2 + d.directories.length;
  const parent = directory.parent ?? directory;
  const entries = [
    ...directory.directories.map((d) => ({ id: identifier(directory, d, kind), extent: d.extents[kind], isDirectory: true, use: use(() => entryUse(d.name, DIRECTORY_MODE, links(d))) })),
    ...directory.files.map((f) => ({ id: identifier(directory, f, kind), extent: { sector: f.sector, bytes: f.bytes }, isDirectory: false, use: use(() => entryUse(f.name, f.mode, 1)) })),
  ].sort((a, b) => Buffer.compare(a.id, b.id));
  return packRecords([
    directoryRecord(SELF, directory.extents[kind], true, use(() => selfUse(links(directory), directory.parent === undefined)), when),
    directoryRecord(PARENT, parent.extents[kind], true, use(() => selfUse(links(parent), false)), when),
    ...entries.map((e) => directoryRecord(e.id, e.extent, e.isDirectory, e.use, when)),
  ]);
}

function pathTable(directories: readonly DirectoryNode[], kind: TreeKind, bigEndian: boolean): Buffer {
  return Buffer.concat(directories.map((d) => {
    const id = d.parent ? identifier(d.parent, d, kind) : SELF;
    return pathTableEntry(id, d.extents[kind].sector, d.parent ? directories.indexOf(d.parent) + 1 : 1, bigEndian);
  }));
}

/** Everything before the file data, as one buffer, and the sectors of the whole image. */
function layOut(root: DirectoryNode, label: string, when: Date): { head: Buffer; sectors: number; files: FileNode[] } {
  const directories = breadthFirst(root);
  const files = directories.flatMap((d) => d.files);
  const inSectors = (bytes: number): number => Math.ceil(bytes / SECTOR);
  // 16 sectors of system area, then the primary and the supplementary descriptor and the terminator.
  let sector = 19;
  const take = (bytes: number): number => {
    const at = sector;
    sector += inSectors(bytes);
    return at;
  };
  const tables = KINDS.map((kind) => {
    const { length } = pathTable(directories, kind, false);
    return { kind, length, at: [take(length), take(length)] as const };
  });
  for (const kind of KINDS) {
    for (const directory of directories) {
      const { length } = directoryBytes(directory, kind, when);
      directory.extents[kind] = { sector: take(length), bytes: length };
    }
  }
  const headSectors = sector;
  for (const file of files) file.sector = take(file.bytes);

  const head = Buffer.alloc(headSectors * SECTOR);
  tables.forEach(({ kind, length, at }, i) => {
    volumeDescriptor(kind, { label, sectors: sector, root: root.extents[kind], pathTableBytes: length, pathTables: at, when }).copy(head, (16 + i) * SECTOR);
    at.forEach((tableAt, bigEndian) => pathTable(directories, kind, bigEndian === 1).copy(head, tableAt * SECTOR));
    for (const directory of directories) directoryBytes(directory, kind, when).copy(head, directory.extents[kind].sector * SECTOR);
  });
  terminator().copy(head, 18 * SECTOR);
  return { head, sectors: sector, files };
}

type Handle = Awaited<ReturnType<typeof open>>;

async function writeAll(out: Handle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) done += (await out.write(data, done, data.length - done, position + done)).bytesWritten;
}

async function copyInto(out: Handle, path: string, bytes: number, position: number, signal: AbortSignal | undefined): Promise<void> {
  await using input = await open(path, "r");
  const buffers = [Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes)), Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes))] as const;
  let pending: Promise<void> = Promise.resolve();
  try {
    for (let done = 0, turn = 0; done < bytes; turn++) {
      signal?.throwIfAborted();
      const buffer = buffers[turn % 2 === 0 ? 0 : 1];
      const { bytesRead } = await input.read(buffer, 0, Math.min(buffer.length, bytes - done), done);
      if (bytesRead === 0) throw new Error(`"${path}" became shorter while it was copied`);
      await pending;
      pending = writeAll(out, buffer.subarray(0, bytesRead), position + done);
      done += bytesRead;
    }
  } finally {
    await pending;
  }
}

/**
 * Writes an ISO 9660 image with Rock Ridge and Joliet names to `target`, which is replaced in one step.
 * `label` is the volume id, as given (32 characters, Joliet shows 16). `when` is the time of all entries.
 * Throws a RangeError for a name over about 150 bytes or a file of 4 GiB, and what the file system throws.
 */
export async function writeIso(target: string, label: string, files: readonly IsoFile[], options: { readonly when?: Date; readonly signal?: AbortSignal } = {}): Promise<void> {
  const root = await buildTree(files);
  const layout = layOut(root, label, options.when ?? new Date());
  const temporary = temporaryName(target);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(temporary, { force: true }));
  {
    await using out = await open(temporary, "w", 0o600);
    await writeAll(out, layout.head, 0);
    for (const file of layout.files) {
      const position = file.sector * SECTOR;
      if (file.source instanceof Uint8Array) await writeAll(out, file.source, position);
      else await copyInto(out, file.source.path, file.bytes, position, options.signal);
    }
    // The last file ends in the middle of a sector; the image must not.
    await out.truncate(layout.sectors * SECTOR);
  }
  await rename(temporary, target);
}
