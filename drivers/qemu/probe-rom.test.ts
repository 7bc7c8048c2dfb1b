import { expect, test } from "bun:test";
import { probeRom } from "./probe-rom.ts";

test("probeRom() is 64 KiB with a far jump to F000:0000 at the reset vector", () => {
  const rom = probeRom();
  expect(rom.length).toBe(64 * 1024);
  expect([...rom.subarray(0xfff0, 0xfff5)]).toEqual([0xea, 0x00, 0x00, 0x00, 0xf0]);
});
