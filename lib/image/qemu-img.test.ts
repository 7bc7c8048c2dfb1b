import { expect, test } from "bun:test";
import { filesNamedIn } from "./qemu-img.ts";

test("filesNamedIn() finds every file that an image is made of", () => {
  const info = {
    filename: "/a.vmdk",
    format: "vmdk",
    "full-backing-filename": "/etc/passwd",
    "format-specific": { type: "vmdk", data: { extents: [{ filename: "/a.vmdk", format: "" }, { filename: "/dev/sda" }], "data-file": "/etc/shadow" } },
    children: [{ name: "file", info: { children: [], filename: "/b" } }],
  };
  expect(filesNamedIn(info)).toEqual(["/a.vmdk", "/etc/passwd", "/a.vmdk", "/dev/sda", "/etc/shadow", "/b"]);
});
