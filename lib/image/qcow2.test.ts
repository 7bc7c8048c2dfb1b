import { expect, test } from "bun:test";
import { LimaError } from "../base/errors.ts";
import { parseQcow2 } from "./qcow2.ts";

interface Fields {
  readonly version?: number;
  readonly size?: bigint;
  readonly backing?: bigint;
  readonly clusterBits?: number;
  readonly crypt?: number;
  readonly incompatible?: bigint;
  readonly headerLength?: number;
}

function header({ version = 3, size = 1n << 30n, backing = 0n, clusterBits = 16, crypt = 0, incompatible = 0n, headerLength = 104 }: Fields): Buffer {
  const head = Buffer.alloc(512);
  head.writeUInt32BE(0x514649fb, 0);
  head.writeUInt32BE(version, 4);
  head.writeBigUInt64BE(backing, 8);
  head.writeUInt32BE(clusterBits, 20);
  head.writeBigUInt64BE(size, 24);
  head.writeUInt32BE(crypt, 32);
  if (version > 2) {
    head.writeBigUInt64BE(incompatible, 72);
    head.writeUInt32BE(headerLength, 100);
  }
  return head;
}

const parse = (fields: Fields): ReturnType<typeof parseQcow2> => parseQcow2(header(fields), "x.img");

test("parseQcow2() reads both versions", () => {
  expect(parse({})).toEqual({ version: 3, virtualSize: 2 ** 30, backingFile: false, externalData: false, encrypted: false });
  expect(parse({ version: 2, size: 12345n })).toMatchObject({ version: 2, virtualSize: 12345 });
});

test("parseQcow2() sees what reaches outside of the file", () => {
  expect(parse({ backing: 400n }).backingFile).toBe(true);
  expect(parse({ incompatible: 4n }).externalData).toBe(true);
  expect(parse({ incompatible: 3n }).externalData).toBe(false);
  expect(parse({ crypt: 2 }).encrypted).toBe(true);
});

test("parseQcow2() finds the name of a data file among the header extensions", () => {
  const head = header({});
  head.writeUInt32BE(0xe2792aca, 104);
  head.writeUInt32BE(5, 108);
  head.writeUInt32BE(0x44415441, 120);
  head.writeUInt32BE(11, 124);
  expect(parseQcow2(head, "x").externalData).toBe(true);
  head.writeUInt32BE(0, 104);
  expect(parseQcow2(head, "x").externalData).toBe(false);
});

test.each([
  ["a size beyond all reason", { size: (1n << 64n) - 1n }, "virtual size"],
  ["an unknown version", { version: 4 }, "version 4"],
  ["an absurd cluster size", { clusterBits: 4_000_000_000 }, "cluster size"],
  ["a header shorter than its own fields", { headerLength: 3 }, "header length"],
] as const)("parseQcow2() refuses %s", (_, fields, text) => {
  expect(() => parse(fields)).toThrow(text);
});

test("parseQcow2() ends with a header or a user error for any bytes", () => {
  let state = 20_261_121;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  for (let round = 0; round < 20_000; round++) {
    const head = header({ version: 2 + random(2), headerLength: 104 + random(64) });
    for (let flips = random(12); flips > 0; flips--) head[4 + random(head.length - 4)] = random(256);
    const cut = random(4) === 0 ? head.subarray(0, random(head.length)) : head;
    try {
      expect(parseQcow2(cut, "fuzz").virtualSize).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    } catch (error) {
      if (!(error instanceof LimaError)) throw error;
    }
  }
});
