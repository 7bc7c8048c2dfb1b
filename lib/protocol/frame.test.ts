import { expect, test } from "bun:test";
import { encodeFrame, encodeMessage, type Frame, FrameReader, HEADER_BYTES, MAX_PAYLOAD } from "./frame.ts";

/** Small, fast, and the same on every machine (mulberry32). */
function randoms(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const textOf = (frame: Frame | undefined): string => new TextDecoder().decode(frame?.payload);

function readAll(bytes: Uint8Array, pieces: Iterable<number>): { frames: Frame[]; skipped: number } {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  let at = 0;
  for (const size of pieces) {
    if (at >= bytes.length) break;
    frames.push(...reader.push(bytes.slice(at, at + size)));
    at += size;
  }
  frames.push(...reader.push(bytes.slice(at)));
  return { frames, skipped: reader.skipped };
}

test("a frame is found however its bytes are cut", () => {
  const bytes = join([encodeMessage({ kind: "ping", id: 1 }), encodeFrame(1, new Uint8Array([1, 2, 3])), encodeFrame(0, new Uint8Array(0))]);
  for (let size = 1; size <= bytes.length; size++) {
    const { frames, skipped } = readAll(bytes, Array.from({ length: bytes.length }, () => size));
    expect(frames.map((f) => [f.kind, f.payload.length])).toEqual([[0, 22], [1, 3], [0, 0]]);
    expect(skipped).toBe(0);
  }
});

test("a payload is a copy: the chunk may be reused", () => {
  const bytes = encodeFrame(0, new TextEncoder().encode("abc"));
  const [frame] = [...new FrameReader().push(bytes)];
  bytes.fill(0);
  expect(textOf(frame)).toBe("abc");
});

test("a reader that comes in halfway finds the next frame", () => {
  const whole = encodeFrame(0, new TextEncoder().encode("first LIMA"));
  const { frames, skipped } = readAll(join([whole.slice(HEADER_BYTES + 2), encodeMessage("second")]), []);
  expect(frames.map(textOf)).toEqual(['"second"']);
  expect(skipped).toBe(8);
});

test("a header that announces too much is noise, and does not swallow what follows", () => {
  const bad = encodeFrame(0, new Uint8Array(0));
  const view = new DataView(bad.buffer);
  view.setUint32(8, MAX_PAYLOAD + 1);
  let sum = 0;
  bad.forEach((b, i) => { if (i !== 6 && i !== 7) sum += b; });
  view.setUint16(6, sum & 0xffff);
  expect(readAll(join([bad, encodeMessage(1)]), []).frames.map(textOf)).toEqual(["1"]);
  expect(() => encodeFrame(0, new Uint8Array(MAX_PAYLOAD + 1))).toThrow(RangeError);
});

test("the largest payload passes", () => {
  const payload = new Uint8Array(MAX_PAYLOAD).fill(0x4c);
  const { frames } = readAll(encodeFrame(1, payload), [1, 11, 100_000]);
  expect(frames[0]?.payload).toEqual(payload);
});

test("frames survive any noise between them (seeded)", () => {
  const random = randoms(20261121);
  for (let round = 0; round < 300; round++) {
    const wanted: string[] = [];
    const parts: Uint8Array[] = [];
    for (let i = 0; i < 8; i++) {
      // Half of the noise is made of the magic's own bytes.
      const noise = Uint8Array.from({ length: random(40) }, () => (random(2) === 0 ? ([0x4c, 0x49, 0x4d, 0x41][random(4)] ?? 0) : random(256)));
      parts.push(noise);
      const text = `message ${i} LIMA ${random(1e6)}`;
      wanted.push(text);
      parts.push(encodeFrame(random(2) === 0 ? 0 : 1, new TextEncoder().encode(text)));
    }
    const bytes = join(parts);
    const { frames } = readAll(bytes, Array.from({ length: 200 }, () => 1 + random(50)));
    expect(frames.map(textOf)).toEqual(wanted);
  }
});

test("pure noise neither throws nor piles up (seeded)", () => {
  const random = randoms(7);
  const reader = new FrameReader();
  let bytes = 0;
  let frames = 0;
  for (let i = 0; i < 500; i++) {
    const chunk = Uint8Array.from({ length: random(2000) }, () => random(256));
    bytes += chunk.length;
    frames += [...reader.push(chunk)].length;
  }
  expect(frames).toBe(0);
  expect(bytes - reader.skipped).toBeLessThan(HEADER_BYTES);
});
