/**
 * Framing on the host agent ↔ guest agent channel (a virtio port, vsock or unix stream: bytes in order, but either
 * end may close and reopen in the middle of a frame).
 *
 * Frame: "LIMA" | kind u8 | 0 u8 | check u16be | length u32be | payload. `check` is the sum of the ten other header
 * bytes, so that a reader that comes in halfway finds the next frame by scanning instead of trusting a length that
 * was never one.
 */

/** Grows when a message changes its meaning; both sides say theirs in `hello` and refuse another. */
export const PROTOCOL_VERSION = 1;

/** Largest payload in bytes. A longer announced one is treated as noise: the guest is not trusted. */
export const MAX_PAYLOAD = 1 << 20;

export const HEADER_BYTES = 12;

/** 0: one JSON message (lib/protocol/guest.ts); 1: raw bytes of a stream, led by its u32be id. */
export type FrameKind = 0 | 1;

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Uint8Array;
}

const MAGIC = [0x4c, 0x49, 0x4d, 0x41] as const;

function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < HEADER_BYTES; i++) if (i !== 6 && i !== 7) sum += header[i] ?? 0;
  return sum & 0xffff;
}

/** One frame as bytes. Throws a RangeError when the payload is longer than {@link MAX_PAYLOAD}. */
export function encodeFrame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_PAYLOAD) throw new RangeError(`frame payload of ${payload.length} bytes exceeds ${MAX_PAYLOAD}`);
  const out = new Uint8Array(HEADER_BYTES + payload.length);
  out.set(MAGIC, 0);
  out[4] = kind;
  const view = new DataView(out.buffer);
  view.setUint32(8, payload.length);
  view.setUint16(6, checksum(out));
  out.set(payload, HEADER_BYTES);
  return out;
}

/** A JSON message as a frame of kind 0. */
export function encodeMessage(message: unknown): Uint8Array {
  return encodeFrame(0, new TextEncoder().encode(JSON.stringify(message)));
}

/**
 * Turns a byte stream into frames. Bytes that belong to no frame are skipped and counted in {@link skipped}; it never
 * holds more than one frame's worth of bytes and never throws on input.
 */
export class FrameReader {
  #buffer: Uint8Array = new Uint8Array(0);
  /** Bytes thrown away because they were not part of a valid frame. */
  skipped = 0;

  /** Takes the next bytes of the stream; yields every frame completed by them. */
  *push(chunk: Uint8Array): Generator<Frame> {
    let buffer = this.#buffer;
    if (buffer.length === 0) buffer = chunk;
    else {
      const joined = new Uint8Array(buffer.length + chunk.length);
      joined.set(buffer);
      joined.set(chunk, buffer.length);
      buffer = joined;
    }
    let at = 0;
    while (buffer.length - at >= HEADER_BYTES) {
      const header = buffer.subarray(at, at + HEADER_BYTES);
      const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
      const kind = header[4];
      const length = view.getUint32(8);
      const valid =
        MAGIC.every((byte, i) => header[i] === byte) &&
        (kind === 0 || kind === 1) &&
        header[5] === 0 &&
        view.getUint16(6) === checksum(header) &&
        length <= MAX_PAYLOAD;
      if (!valid) {
        const next = buffer.indexOf(MAGIC[0], at + 1);
        const to = next < 0 ? buffer.length : next;
        this.skipped += to - at;
        at = to;
        continue;
      }
      if (buffer.length - at - HEADER_BYTES < length) break;
      const payload = buffer.slice(at + HEADER_BYTES, at + HEADER_BYTES + length);
      at += HEADER_BYTES + length;
      yield { kind, payload };
    }
    // A copy: the caller may reuse the chunk, and a long-lived view would keep the whole chunk alive.
    this.#buffer = buffer.slice(at);
  }
}
