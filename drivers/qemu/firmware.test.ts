import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFirmware, firmwareCandidates } from "./firmware.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-test-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("firmwareCandidates()", () => {
  test("looks in the instance, the home, beside QEMU, then where distributions put it", () => {
    const paths = firmwareCandidates("x86_64", "/l/a", "/opt/qemu/bin/qemu-system-x86_64", { HOME: "/home/u" });
    expect(paths.slice(0, 4)).toEqual([
      "/l/a/qemu-efi-code.fd", "/home/u/.local/share/qemu/edk2-x86_64-code.fd", "/opt/qemu/share/qemu/edk2-x86_64-code.fd", "/usr/share/edk2/x64/OVMF_CODE.4m.fd",
    ]);
    expect(firmwareCandidates("riscv64", "/l/a", "/usr/bin/q", {})).toContain("/usr/share/qemu/edk2-riscv-code.fd");
  });

  test("has none for architectures that boot without", () => {
    expect(firmwareCandidates("s390x", "/l/a", "/usr/bin/q", {})).toEqual([]);
    expect(firmwareCandidates("ppc64le", "/l/a", "/usr/bin/q", {})).toEqual([]);
  });
});

describe("findFirmware()", () => {
  test("takes the instance's own first, as flash when it has the size of one", async () => {
    const own = join(dir, "qemu-efi-code.fd");
    writeFileSync(own, "");
    expect(await findFirmware("x86_64", dir, "/usr/bin/q", {})).toEqual({ path: own, as: "pflash" });
    expect(await findFirmware("aarch64", dir, "/usr/bin/q", {})).toEqual({ path: own, as: "bios" });
    truncateSync(own, 64 * 2 ** 20);
    expect(await findFirmware("aarch64", dir, "/usr/bin/q", {})).toEqual({ path: own, as: "pflash" });
    rmSync(own);
  });

  test("finds what came with QEMU", async () => {
    const share = join(dir, "qemu", "share", "qemu");
    mkdirSync(share, { recursive: true });
    writeFileSync(join(share, "edk2-arm-code.fd"), "");
    expect((await findFirmware("armv7l", join(dir, "a"), join(dir, "qemu", "bin", "qemu-system-arm"), {})).path).toBe(join(share, "edk2-arm-code.fd"));
  });
});
