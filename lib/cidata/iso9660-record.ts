/**
 * Byte layout of ISO 9660 (ECMA-119) directory records, path tables and volume descriptors, with the Rock Ridge
 * (RRIP 1.09) system use entries that carry POSIX names and modes. `iso9660.ts` decides what goes where.
 */

export const SECTOR = 2048;

/** The two trees over the same file data: ISO 9660 with Rock Ridge, and Joliet (UCS-2 names). */
export type TreeKind = "rockridge" | "joliet";

/** A range of the image, in whole sectors from `sector`; `bytes` is the exact length. */
export interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

export const DIRECTORY_MODE = 0o40755;

/** 32-bit number in both byte orders, as ISO 9660 wants it. */
function both32(out: Buffer, offset: number, value: number): void {
  out.writeUInt32LE(value, offset);
  out.writeUInt32BE(value, offset + 4);
}

function both16(out: Buffer, offset: number, value: number): void {
  out.writeUInt16LE(value, offset);
  out.writeUInt16BE(value, offset + 2);
}

/** A name in the character set of the tree: Latin letters, or big-endian UCS-2. */
export function encodeName(name: string, kind: TreeKind): Buffer {
  return kind === "rockridge" ? Buffer.from(name, "latin1") : Buffer.from(name, "utf16le").swap16();
}

function systemUse(signature: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(signature, "latin1"), Buffer.from([body.length + 4, 1]), body]);
}

/** PX: POSIX mode and number of links; owner and group stay 0. */
function posixEntry(mode: number, links: number): Buffer {
  const body = Buffer.alloc(32);
  both32(body, 0, mode);
  both32(body, 8, links);
  return systemUse("PX", body);
}

function nameEntry(name: string): Buffer {
  return systemUse("NM", Buffer.concat([Buffer.from([0]), Buffer.from(name, "utf8")]));
}

/** ER: names the extension, once, in the root's own record. */
function extensionEntry(): Buffer {
  const [id, description, source] = ["RRIP_1991A", "THE ROCK RIDGE INTERCHANGE PROTOCOL", "SEE PUBLISHER"] as const;
  return systemUse("ER", Buffer.concat([Buffer.from([id.length, description.length, source.length, 1]), Buffer.from(id + description + source, "latin1")]));
}

/** System use area of the entry called `name`. */
export function entryUse(name: string, mode: number, links: number): Buffer {
  return Buffer.concat([posixEntry(mode, links), nameEntry(name)]);
}

/** System use area of a directory's `.` or `..`; the root's `.` also says that Rock Ridge is in use. */
export function selfUse(links: number, isRoot: boolean): Buffer {
  if (!isRoot) return posixEntry(DIRECTORY_MODE, links);
  return Buffer.concat([systemUse("SP", Buffer.from([0xbe, 0xef, 0])), posixEntry(DIRECTORY_MODE, links), extensionEntry()]);
}

/** One directory record. Throws a RangeError when name and attributes do not fit into its 255 bytes. */
export function directoryRecord(id: Buffer, extent: Extent, isDirectory: boolean, use: Buffer, when: Date): Buffer {
  const fixed = 33 + id.length + (id.length % 2 === 0 ? 1 : 0);
  const length = (fixed + use.length + 1) & ~1;
  if (length > 255) throw new RangeError(`directory record of ${length} bytes exceeds 255`);
  const out = Buffer.alloc(length);
  out[0] = length;
  both32(out, 2, extent.sector);
  both32(out, 10, extent.bytes);
  Buffer.from([when.getUTCFullYear() - 1900, when.getUTCMonth() + 1, when.getUTCDate(), when.getUTCHours(), when.getUTCMinutes(), when.getUTCSeconds(), 0]).copy(out, 18);
  out[25] = isDirectory ? 2 : 0;
  both16(out, 28, 1);
  out[32] = id.length;
  id.copy(out, 33);
  use.copy(out, fixed);
  return out;
}

/** Joins directory records into whole sectors: no record may straddle two. */
export function packRecords(records: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let used = 0;
  const pad = (): void => {
    const rest = (SECTOR - (used % SECTOR)) % SECTOR;
    parts.push(Buffer.alloc(rest));
    used += rest;
  };
  for (const record of records) {
    if ((used % SECTOR) + record.length > SECTOR) pad();
    parts.push(record);
    used += record.length;
  }
  pad();
  return Buffer.concat(parts);
}

/** One entry of a path table; `parent` counts from 1. */
export function pathTableEntry(id: Buffer, sector: number, parent: number, bigEndian: boolean): Buffer {
  const out = Buffer.alloc(8 + id.length + (id.length % 2));
  out[0] = id.length;
  if (bigEndian) {
    out.writeUInt32BE(sector, 2);
    out.writeUInt16BE(parent, 6);
  } else {
    out.writeUInt32LE(sector, 2);
    out.writeUInt16LE(parent, 6);
  }
  id.copy(out, 8);
  return out;
}

export interface VolumeLayout {
  readonly label: string;
  /** Sectors of the whole image. */
  readonly sectors: number;
  readonly root: Extent;
  readonly pathTableBytes: number;
  /** First sectors of the little- and big-endian path tables. */
  readonly pathTables: readonly [number, number];
  readonly when: Date;
}

/** The primary (Rock Ridge) or supplementary (Joliet level 3) volume descriptor. */
export function volumeDescriptor(kind: TreeKind, layout: VolumeLayout): Buffer {
  const out = Buffer.alloc(SECTOR);
  const text = (offset: number, length: number, value: string): void => {
    const field = encodeName(value.padEnd(kind === "joliet" ? length >> 1 : length, " "), kind);
    field.copy(out, offset, 0, length);
  };
  out[0] = kind === "joliet" ? 2 : 1;
  out.write("CD001", 1, "latin1");
  out[6] = 1;
  text(8, 32, "LINUX");
  text(40, 32, layout.label);
  both32(out, 80, layout.sectors);
  if (kind === "joliet") out.write("%/E", 88, "latin1");
  both16(out, 120, 1);
  both16(out, 124, 1);
  both16(out, 128, SECTOR);
  both32(out, 132, layout.pathTableBytes);
  out.writeUInt32LE(layout.pathTables[0], 140);
  out.writeUInt32BE(layout.pathTables[1], 148);
  directoryRecord(Buffer.from([0]), layout.root, true, Buffer.alloc(0), layout.when).copy(out, 156);
  for (const [offset, length] of [[190, 128], [318, 128], [446, 128], [574, 128], [702, 37], [739, 37], [776, 37]] as const) text(offset, length, "");
  const stamp = layout.when.toISOString().replace(/\D/g, "").slice(0, 16);
  for (const offset of [813, 830]) out.write(stamp, offset, "latin1");
  for (const offset of [847, 864]) out.write("0".repeat(16), offset, "latin1");
  out[881] = 1;
  return out;
}

/** Ends the list of volume descriptors. */
export function terminator(): Buffer {
  const out = Buffer.alloc(SECTOR);
  out[0] = 255;
  out.write("CD001", 1, "latin1");
  out[6] = 1;
  return out;
}
