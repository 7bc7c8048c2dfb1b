import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mayImport } from "./rooms.ts";
import { ROOT, sources, specifiers, target } from "./sources.ts";

const all = await sources();

describe("imports go one way", () => {
  test("every import is allowed by the table of rooms", () => {
    const wrong = all.flatMap(({ path, text }) =>
      specifiers(text).flatMap((name) => {
        const to = target(path, name);
        return to === undefined || mayImport(path, to) ? [] : [`${path} imports ${to}`];
      }));
    expect(wrong).toEqual([]);
  });

  test("every relative import names an existing file with its ending", () => {
    // This folder's own tests hold imports of nothing as examples.
    const wrong = all.filter(({ path }) => !path.startsWith("test/arch/")).flatMap(({ path, text }) =>
      specifiers(text).filter((name) => name.startsWith(".") && !existsSync(join(ROOT, target(path, name) ?? ""))).map((name) => `${path} imports ${name}`));
    expect(wrong).toEqual([]);
  });

  test("lib/protocol and the names of files import nothing from elsewhere, built-in modules included", () => {
    const wrong = all
      .filter(({ path }) => (path.startsWith("lib/protocol/") && !path.endsWith(".test.ts")) || path === "lib/store/filenames.ts")
      .flatMap(({ path, text }) => specifiers(text).filter((name) => !name.startsWith("./")).map((name) => `${path} imports ${name}`));
    expect(wrong).toEqual([]);
  });
});

describe("mayImport()", () => {
  test.each([
    ["cmd/start.ts", "lib/instance/start.ts"],
    ["cmd/context.ts", "drivers/registry.ts"],
    ["drivers/registry.ts", "drivers/qemu/driver.ts"],
    ["drivers/qemu/driver.ts", "lib/driver/contract.ts"],
    ["lib/cidata/generate.ts", "guest/boot/embed.ts"],
    ["lib/instance/start.ts", "lib/driver/contract.ts"],
    ["guest/agent/main.ts", "lib/protocol/frame.ts"],
    ["test/vm/life.vm.test.ts", "lib/store/dirs.ts"],
  ])("%s may import %s", (from, to) => expect(mayImport(from, to)).toBe(true));

  test.each([
    ["cmd/start.ts", "drivers/qemu/driver.ts"],
    ["cmd/start.ts", "guest/agent/main.ts"],
    ["drivers/qemu/driver.ts", "drivers/vz/driver.ts"],
    ["drivers/qemu/driver.ts", "lib/instance/start.ts"],
    ["drivers/qemu/driver.ts", "drivers/registry.ts"],
    ["lib/base/log.ts", "lib/host/files.ts"],
    ["lib/instance/start.ts", "lib/hostagent/agent.ts"],
    ["lib/hostagent/agent.ts", "lib/instance/start.ts"],
    ["lib/instance/start.ts", "drivers/registry.ts"],
    ["lib/instance/start.ts", "cmd/context.ts"],
    ["lib/instance/start.ts", "lib/nosuchroom/x.ts"],
    ["lib/image/raw.ts", "templates/embed.ts"],
    ["guest/agent/main.ts", "lib/base/errors.ts"],
    ["lib/store/dirs.ts", "test/helpers/home.ts"],
  ])("%s may not import %s", (from, to) => expect(mayImport(from, to)).toBe(false));
});

test("specifiers() sees every form of import and nothing else", () => {
  const text = [
    `import "./a.ts";`, `import b, { type B } from "./b.ts";`, `import type {`, `  C,`, `} from "./c.ts";`, `export * from "./d.ts";`,
    `const e = () => import("./e.ts");`, `let f: import("./f.ts").F;`, ` * import x from "./comment.ts"`, `const text = "import y from './string.ts'";`,
  ].join("\n");
  expect(specifiers(text).sort()).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
});
