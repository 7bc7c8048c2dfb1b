import { LimaError } from "../base/errors.ts";
import { readHead } from "./detect.ts";

/** What matters of a qcow2 header. Layout: docs/interop/qcow2.txt of QEMU; all numbers are big-endian. */
export interface Qcow2Header {
  readonly version: 2 | 3;
  /** Bytes that the guest sees. */
  readonly virtualSize: number;
  readonly backingFile: boolean;
  readonly externalData: boolean;
  readonly encrypted: boolean;
}

const V2_LENGTH = 72;
const V3_LENGTH = 104;
/** Header extensions end within the first cluster; the smallest cluster holds any real list of them. */
const READ_LENGTH = 4096;
const INCOMPATIBLE_EXTERNAL_DATA = 1n << 2n;
const EXTENSION_END = 0;
const EXTENSION_DATA_FILE = 0x44415441;

/**
 * Reads a header from the first bytes of a file. Nothing in it is believed beyond those bytes: no length or offset
 * makes it read or allocate more. Throws LimaError `INVALID_IMAGE`.
 */
export function parseQcow2(head: Uint8Array, name: string): Qcow2Header {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const invalid = (reason: string): LimaError => new LimaError("INVALID_IMAGE", `cannot use image "${name}": ${reason}`);
  if (head.length < V2_LENGTH || view.getUint32(0) !== 0x514649fb) throw invalid("it has no complete qcow2 header");
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) throw invalid(`qcow2 version ${version} is not known`);
  if (version === 3 && head.length < V3_LENGTH) throw invalid("it has no complete qcow2 header");
  const clusterBits = view.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21) throw invalid(`its cluster size is 2^${clusterBits}`);
  const size = view.getBigUint64(24);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid(`its virtual size is ${size} bytes`);
  const headerLength = version === 2 ? V2_LENGTH : view.getUint32(100);
  if (version === 3 && headerLength < V3_LENGTH) throw invalid(`its header length is ${headerLength}`);
  const incompatible = version === 2 ? 0n : view.getBigUint64(72);
  return {
    version,
    virtualSize: Number(size),
    backingFile: view.getBigUint64(8) !== 0n,
    externalData: (incompatible & INCOMPATIBLE_EXTERNAL_DATA) !== 0n || hasDataFileName(view, headerLength),
    encrypted: view.getUint32(32) !== 0,
  };
}

/** Walks the header extensions (type, length, data padded to 8 bytes) as far as they are in view. */
function hasDataFileName(view: DataView, start: number): boolean {
  for (let at = start; at + 8 <= view.byteLength; ) {
    const type = view.getUint32(at);
    if (type === EXTENSION_END) return false;
    if (type === EXTENSION_DATA_FILE) return true;
    at += 8 + Math.ceil(view.getUint32(at + 4) / 8) * 8;
  }
  return false;
}

/**
 * Refuses an image that would make the hypervisor open other files of this host, or that it cannot read without a key.
 * Throws LimaError `UNSAFE_IMAGE` or `INVALID_IMAGE`; returns the header otherwise.
 */
export async function checkQcow2(path: string, name: string): Promise<Qcow2Header> {
  const header = parseQcow2(await readHead(path, READ_LENGTH), name);
  const refuse = (reason: string): LimaError => new LimaError("UNSAFE_IMAGE", `cannot use image "${name}": ${reason}`);
  if (header.backingFile) throw refuse("it has a backing file, which may be any file of this host");
  if (header.externalData) throw refuse("it keeps its data in another file, which may be any file of this host");
  if (header.encrypted) throw refuse("it is encrypted");
  return header;
}
