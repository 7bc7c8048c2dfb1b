import { describe, expect, test } from "bun:test";
import { parseYaml } from "../config/parse-yaml.ts";
import { imageTemplate, isImageLocator } from "./image.ts";
import { isInstanceArgument, lastPart, nameFromFile } from "./name.ts";

test.each([
  ["foo.yaml", "foo"], ["Foo.YML", "foo"], ["ubuntu-24.04", "ubuntu-24.04"], ["foo.yaml.yml", "foo"], [".lima.yaml", undefined], ["_x.yaml", undefined], ["a b.yaml", undefined], ["", undefined],
])("file %p names instance %p", (file, name) => {
  expect(nameFromFile(file)).toBe(name as string);
});

test.each([
  ["https://h/a/b.yaml?x=/y.yaml#/z", "b.yaml"], ["https://h/a%20b.yaml", "a b.yaml"], ["https://h/%zz.yaml", "%zz.yaml"], ["https://h/", ""], ["/a/b%20c.yaml", "b%20c.yaml"], ["a/b/", "b"], ["experimental/vnc", "vnc"],
])("the last part of %p is %p", (locator, part) => {
  expect(lastPart(locator)).toBe(part);
});

test.each([
  ["default", true], ["foo.qcow2", true], ["docker", true], ["./foo.qcow2", false], ["foo.yaml", false], ["template:docker", false], ["-", false], ["https://h/x", false], ["a/b", false], ["", false], ["~/x", false],
])("create %p: an instance's name is %p", (argument, expected) => {
  expect(isInstanceArgument(argument)).toBe(expected);
});

describe("disk images as templates", () => {
  test.each([["a.img", true], ["https://h/a.qcow2?x", true], ["/a/b.raw.gz", true], ["a.ISO.xz", true], ["a.img.zstd", true], ["a.img.zst", false], ["a.yaml", false], ["img", false], ["a.img/b", false]])("%p is an image: %p", (locator, expected) => {
    expect(isImageLocator(locator)).toBe(expected);
  });

  test.each([
    ["https://h/ubuntu-24.04-server-cloudimg-arm64.img", "ubuntu-24.04-arm64", "aarch64", false],
    ["https://h/ubuntu-24.04-server-cloudimg-amd64.img", "ubuntu-24.04", "x86_64", false],
    ["/x/debian-13-genericcloud-amd64-20260801-2188.qcow2", "debian-13", "x86_64", false],
    ["https://h/nocloud_alpine-3.23.0-aarch64-uefi-cloudinit-r0.qcow2", "alpine-3.23.0-aarch64-r0", "aarch64", false],
    ["https://h/AlmaLinux-10-GenericCloud-latest.x86_64_v2.qcow2", "almalinux-10_v2", "x86_64", false],
    ["https://h/Rocky-10-GenericCloud-Base.latest.s390x.qcow2", "rocky-10.s390x", "s390x", false],
    ["https://h/Arch-Linux-x86_64-cloudimg.qcow2.xz", "archlinux", "x86_64", false],
    ["/x/my_disk.raw", "my_disk", "x86_64", true],
    ["/x/--.img", undefined, "x86_64", true],
  ] as const)("%p", (location, name, arch, guessed) => {
    const template = imageTemplate(location, "x86_64");
    expect([template.name, template.arch, template.guessed]).toEqual([name, arch, guessed]);
    expect(structuredClone(parseYaml(template.text, "t").value)).toEqual({ os: "Linux", arch, images: [{ location, arch }] } as never);
  });

  test("other systems keep their name, so that loading can refuse them", () => {
    expect(imageTemplate("/x/FreeBSD-15.0-RELEASE-amd64.qcow2", "x86_64").text).toStartWith("os: FreeBSD\n");
    expect(imageTemplate("/x/UniversalMac_26.0_Restore.ipsw", "aarch64").text).toStartWith("os: Darwin\n");
  });
});
