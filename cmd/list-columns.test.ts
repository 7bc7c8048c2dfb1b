import { describe, expect, test } from "bun:test";
import type { Row } from "../lib/instance/list.ts";
import { cells, shortDir, visibleColumns } from "./list-columns.ts";

const row = (change: Partial<Row> = {}): Row => ({ name: "a", status: "Stopped", ssh: "127.0.0.1:0", vmType: "qemu", arch: "x86_64", cpus: 2, memory: 2 * 1024 ** 3, disk: 1.5 * 1024 ** 3, dir: "/home/u/.lima/a", errors: [], ...change });
const columns = (rows: readonly Row[], width?: number): string => visibleColumns(rows, { width, hostArch: "x86_64" }).join(" ");
const ALL = "NAME STATUS SSH VMTYPE ARCH CPUS MEMORY DISK DIR";

describe("visibleColumns()", () => {
  test.each<[string, number | undefined, string]>([
    ["not a terminal", undefined, ALL],
    ["wide", 96, ALL],
    ["one column short of showing a type that says nothing new", 95, "NAME STATUS SSH ARCH CPUS MEMORY DISK DIR"],
    ["narrow", 87, "NAME STATUS SSH CPUS MEMORY DISK DIR"],
    ["too narrow for the directory", 79, "NAME STATUS SSH CPUS MEMORY DISK"],
  ])("%s", (_name, width, expected) => expect(columns([row(), row()], width)).toBe(expected));

  test("a type that differs is shown, however narrow the terminal is", () => {
    expect(columns([row(), row({ vmType: "vz" })], 40)).toContain("VMTYPE");
    expect(columns([row(), row({ vmType: "" })], 40)).not.toContain("VMTYPE");
  });

  test("so is an architecture that is not the host's", () => {
    expect(columns([row({ arch: "aarch64" })], 40)).toContain("ARCH");
  });
});

test("cells() prints sizes and the short directory", () => {
  expect(cells(row(), ["NAME", "MEMORY", "DISK", "DIR"], "/home/u")).toEqual(["a", "2GiB", "1.5GiB", "~/.lima/a"]);
});

test.each([["/home/u/x", "/home/u", "~/x"], ["/home/user2/x", "/home/u", "/home/user2/x"], ["/x", undefined, "/x"], ["/x", "", "/x"]])("shortDir(%p, %p)", (dir, home, short) => expect(shortDir(dir, home)).toBe(short));
