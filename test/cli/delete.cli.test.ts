import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliHome, lastMessage } from "../helpers/home.ts";

describe("delete", () => {
  test("removes everything of a stopped instance", async () => {
    using home = new CliHome();
    home.instance("web");
    home.instance("other");
    const { code, stderr } = await home.run(["delete", "web"]);
    expect({ code, left: readdirSync(home.home) }).toEqual({ code: 0, left: ["other"] });
    expect(lastMessage(stderr)).toStartWith('Deleted "web"');
  });

  test("of what does not exist is a warning", async () => {
    using home = new CliHome();
    const { code, stderr } = await home.run(["delete", "nosuch"]);
    expect({ code, message: lastMessage(stderr) }).toEqual({ code: 0, message: 'Ignoring non-existent instance "nosuch"' });
  });

  test("refuses a protected one, even with --force, and leaves the names after it alone", async () => {
    using home = new CliHome();
    home.instance("safe", { "lima.yaml": "", protected: "" });
    home.instance("web");
    for (const args of [["delete", "safe", "web"], ["delete", "--force", "safe", "web"]]) {
      const { code, stderr } = await home.run(args);
      expect(code).toBe(1);
      expect(lastMessage(stderr)).toStartWith('cannot delete instance "safe": it is protected');
    }
    expect(readdirSync(home.home).toSorted()).toEqual(["safe", "web"]);
  });

  test.each([["no lima.yaml", {}, "Broken"], ["an unreadable one", { "lima.yaml": "a: [" }, ""]])("of an instance with %s takes --force", async (_name, files, status) => {
    using home = new CliHome();
    const dir = home.instance("bad", files);
    const refused = await home.run(["delete", "bad"]);
    expect(refused.code).toBe(1);
    expect(lastMessage(refused.stderr)).toContain(`expected status "Stopped", got "${status}"`);
    expect(existsSync(dir)).toBe(true);
    expect((await home.run(["delete", "-f", "bad"])).code).toBe(0);
    expect(existsSync(dir)).toBe(false);
  });

  test.each(["../user", "_config", "."])("does not take %p for an instance", async (name) => {
    using home = new CliHome();
    home.instance("_config", {});
    const { code, stderr } = await home.run(["delete", "--force", name]);
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toStartWith(`invalid instance name "${name}"`);
    expect(existsSync(join(home.root, "user"))).toBe(true);
  });
});

describe("stop", () => {
  test("of a stopped instance is an error, with --force it is not", async () => {
    using home = new CliHome();
    const dir = home.instance("web");
    for (const name of ["ha.pid", "ha.sock", "x.tmp", "qemu.pid"]) writeFileSync(join(dir, name), "4194399\n");
    const refused = await home.run(["stop", "web"]);
    expect(refused.code).toBe(1);
    expect(lastMessage(refused.stderr)).toStartWith('cannot stop instance "web": expected status "Running", got "Stopped"');
    expect((await home.run(["stop", "-f", "web"])).code).toBe(0);
    // What a crash left is gone.
    expect(readdirSync(dir)).toEqual(["lima.yaml"]);
  });

  test("goes on after one that fails", async () => {
    using home = new CliHome();
    const { code, stderr } = await home.run(["stop", "no1", "no2"]);
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toContain('instance "no1" does not exist');
    expect(lastMessage(stderr)).toContain('instance "no2" does not exist');
  });
});

test.each(["shell nosuch", "show-ssh nosuch", "stop nosuch", "stop --force nosuch", "restart nosuch"])("%s: an unknown instance is one clear line", async (line) => {
  using home = new CliHome();
  const { code, stderr } = await home.run(line.split(" "));
  expect({ code, message: lastMessage(stderr) }).toEqual({ code: 1, message: 'instance "nosuch" does not exist (run "lima start nosuch" to create it)' });
});
