import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultInstance, guestFlags } from "./guest-command.ts";
import { wrapperInstance, wrappers } from "./wrappers.ts";

let home = "";
beforeEach(() => { home = mkdtempSync(join(tmpdir(), "lima-wrappers-")); });
afterEach(() => rmSync(home, { recursive: true }));

function instance(name: string): void {
  mkdirSync(join(home, name));
  writeFileSync(join(home, name, "lima.yaml"), "");
}

describe("wrapperInstance()", () => {
  const wrapper = { instances: ["k3s", "k8s"] };
  test("is the first of its instances that exists", () => {
    instance("k8s");
    expect(wrapperInstance(wrapper, { home, env: {} })).toBe("k8s");
  });
  test("LIMA_INSTANCE comes first; an empty one counts as none", () => {
    instance("k8s");
    instance("mine");
    expect(wrapperInstance(wrapper, { home, env: { LIMA_INSTANCE: "mine" } })).toBe("mine");
    expect(wrapperInstance(wrapper, { home, env: { LIMA_INSTANCE: "" } })).toBe("k8s");
  });
  test("says how to make one when there is none", () => {
    expect(() => wrapperInstance(wrapper, { home, env: {} })).toThrow('instance "k3s" does not exist');
  });
});

test("apptainer.lima binds the home directory, in front of the program", () => {
  expect(wrappers["apptainer.lima"]?.guest({ HOME: "/home/u", APPTAINER_BINDPATH: "/data" })).toEqual(["APPTAINER_BINDPATH=/data,/home/u", "apptainer"]);
});

test("lima takes instance, directory and shell from the environment, and flags win", () => {
  const env = { LIMA_INSTANCE: "web", LIMA_WORKDIR: "/w", LIMA_SHELL: "/bin/zsh" };
  expect(guestFlags(env, { workdir: "/x", start: true })).toEqual({ instance: "web", workdir: "/x", shell: "/bin/zsh", start: true });
  expect(guestFlags({ LIMA_INSTANCE: "", LIMA_WORKDIR: "" }, {})).toEqual({ instance: "default" });
  expect(defaultInstance({})).toBe("default");
});
