import { describe, expect, test } from "bun:test";
import type { Arch } from "../../../lib/config/schema.ts";
import { chooseAccelerator, type Host } from "./choose.ts";
import type { KvmFacts } from "./kvm.ts";

const fail = (what: string) => () => Promise.reject(new Error(`${what} must not be asked`));

function host(facts: KvmFacts | undefined, trial: string | undefined, compiledIn: string[] = ["tcg", "kvm"], arch: Arch = "x86_64"): Host {
  return {
    arch,
    compiledIn,
    kvm: facts === undefined ? fail("/dev/kvm") : () => Promise.resolve(facts),
    tryKvm: trial === "unasked" ? fail("the test guest") : () => Promise.resolve(trial),
    hvf: fail("hvf"),
  };
}

const good: KvmFacts = { device: "open", hardware: true };

describe.skipIf(process.platform === "darwin")("chooseAccelerator()", () => {
  test("takes kvm where the device opens, the CPU has it and the test guest ran", async () => {
    expect(await chooseAccelerator("x86_64", host(good, undefined))).toEqual({ accelerator: "kvm" });
  });

  test("takes tcg where the test guest did not run, and says why", async () => {
    expect(await chooseAccelerator("x86_64", host(good, "a test guest hangs"))).toEqual({ accelerator: "tcg", reason: "kvm is unusable here: a test guest hangs" });
  });

  test.each<[string, KvmFacts, string]>([
    ["no device", { device: "absent", hardware: false }, "kvm is not available: /dev/kvm does not exist"],
    ["no permission", { device: "denied", hardware: true, group: "kvm" }, 'kvm is not available: no permission to open /dev/kvm, join the group "kvm"'],
    ["no permission, group unknown", { device: "denied", hardware: true }, "kvm is not available: no permission to open /dev/kvm"],
    ["a software kvm", { device: "open", hardware: false }, "kvm is unusable here: /dev/kvm opens, but the CPU offers neither vmx nor svm"],
  ])("takes tcg without a trial: %s", async (_, facts, reason) => {
    expect(await chooseAccelerator("x86_64", host(facts, "unasked"))).toEqual({ accelerator: "tcg", reason });
  });

  test("emulates another architecture without looking at kvm", async () => {
    expect(await chooseAccelerator("aarch64", host(undefined, "unasked"))).toEqual({ accelerator: "tcg", reason: "the host is x86_64" });
    expect(await chooseAccelerator("armv7l", host(undefined, "unasked", ["tcg", "kvm"], "aarch64"))).toEqual({ accelerator: "tcg", reason: "the host is aarch64" });
  });

  test("does not miss x86's CPU flags on other hosts", async () => {
    expect(await chooseAccelerator("aarch64", host({ device: "open", hardware: false }, undefined, ["tcg", "kvm"], "aarch64"))).toEqual({ accelerator: "kvm" });
  });

  test("takes tcg when QEMU was built without kvm, and asks on when QEMU does not say", async () => {
    expect(await chooseAccelerator("x86_64", host(undefined, "unasked", ["tcg"]))).toEqual({ accelerator: "tcg", reason: "this QEMU was built without kvm" });
    expect(await chooseAccelerator("x86_64", host(good, undefined, []))).toEqual({ accelerator: "kvm" });
  });
});
