import { describe, expect, test } from "bun:test";
import { formatSize, parseSize } from "./size.ts";

const GIB = 1024 ** 3;

describe("parseSize()", () => {
  test.each([
    ["4gb", 4 * GIB], ["4096m", 4 * GIB], ["4 GiB", 4 * GIB], ["4G", 4 * GIB], ["0.5GiB", GIB / 2], [".5g", GIB / 2], ["1.", 1],
    ["0", 0], ["10", 10], ["10b", 10], ["10B", 10], ["1.9", 1], ["1k", 1024], ["1KiB", 1024], ["2t", 2 * 1024 ** 4], ["1p", 1024 ** 5], [" 1k ", 1024],
    [1.5, 1], [4096, 4096], [0, 0],
  ])("%p is %p bytes", (text, bytes) => {
    expect(parseSize(text)).toEqual({ bytes });
  });

  test.each([
    ["", /invalid size/], ["lots", /invalid size/], ["-1", /invalid size/], ["-4GiB", /invalid size/], ["GiB", /invalid size/], ["4  GiB", /invalid size/], ["1e3", /invalid s/], ["1..5g", /invalid size/],
    ["4GBs", /invalid suffix "gbs"/], ["4ki", /invalid suffix "ki"/], ["4x", /invalid suffix "x"/], ["4e", /invalid suffix "e"/],
    ["8p", /below 8PiB/], ["99999999999999999999999", /below 8PiB/], ["9".repeat(400), /below 8PiB|invalid size/],
    [-1, /negative/], [Number.NaN, /invalid size/], [Number.POSITIVE_INFINITY, /below 8PiB/],
  ])("%p is refused", (text, reason) => {
    const result = parseSize(text);
    expect("reason" in result ? result.reason : "").toMatch(reason);
  });
});

test.each([[0, "0B"], [512, "512B"], [1023, "1023B"], [1024, "1KiB"], [4 * GIB, "4GiB"], [100 * GIB, "100GiB"], [4006904627, "3.732GiB"], [1.5 * GIB, "1.5GiB"], [1024 ** 5, "1PiB"]])(
  "formatSize(%p) is %p",
  (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  },
);

test("what formatSize() prints, parseSize() reads", () => {
  for (let power = 0; power < 52; power++) expect(parseSize(formatSize(2 ** power))).toEqual({ bytes: 2 ** power });
});
