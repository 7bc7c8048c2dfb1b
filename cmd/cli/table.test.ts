import { expect, test } from "bun:test";
import { table } from "./table.ts";

test("table() pads every cell but the last to its column's widest and four more", () => {
  expect(table([["NAME", "CPUS", "DIR"], ["a-longer-name", "2", "/x"], ["b", "16", "/a/long/path"]])).toBe(
    "NAME             CPUS    DIR\n" +
    "a-longer-name    2       /x\n" +
    "b                16      /a/long/path\n");
});
