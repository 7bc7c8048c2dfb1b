import { expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { sources, specifiers } from "./sources.ts";

/** Each package, and the built-in modules with unsafe powers, may be named in these places only. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  citty: ["cmd/cli/"],
  consola: ["lib/base/log.ts"],
  yaml: ["lib/config/yaml.ts"],
  zod: ["lib/config/"],
  ssh2: ["lib/ssh/"],
  "bun:ffi": ["lib/host/", "guest/agent/"],
};

/** The one file that loads consola takes a part of it only; `ssh2/lib/x.js` belongs to ssh2, `@scope/name/x` to @scope/name. */
const packageOf = (specifier: string): string => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

test("each dependency is imported through its one door", async () => {
  const wrong = (await sources())
    .filter(({ path }) => !path.startsWith("test/"))
    .flatMap(({ path, text }) =>
      specifiers(text)
        .filter((name) => !name.startsWith(".") && !name.startsWith("node:") && name !== "bun" && name !== "bun:test")
        .filter((name) => !DOORS[packageOf(name)]?.some((door) => path.startsWith(door)))
        .map((name) => `${path} imports ${name}`));
  expect(wrong).toEqual([]);
});

test("built-in modules are named with node:, so that no package can stand in for one", async () => {
  const builtin = new Set(["assert", "buffer", "child_process", "crypto", "dgram", "dns", "events", "fs", "http", "https", "net", "os", "path", "stream", "tls", "url", "util", "worker_threads", "zlib"]);
  const wrong = (await sources()).flatMap(({ path, text }) => specifiers(text).filter((name) => builtin.has(packageOf(name))).map((name) => `${path} imports ${name}`));
  expect(wrong).toEqual([]);
});

test("package.json has the packages with a door and no other, all pinned", () => {
  expect(Object.keys(manifest.dependencies).sort()).toEqual(Object.keys(DOORS).filter((name) => !name.includes(":")).sort());
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
