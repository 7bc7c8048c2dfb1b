import { expect, test } from "bun:test";
import { sources } from "./sources.ts";

/** Where the host's system may be asked for; everywhere else a difference between systems hides behind lib/host. */
const PLACES = [
  "lib/host/",
  "lib/driver/",
  "drivers/registry.ts",
  // Where the system keeps caches.
  "cmd/context.ts",
  // Gathers what defaults depend on; all else in lib/config is given it as an argument.
  "lib/config/host-facts.ts",
  // Only Linux can run the programs of the image that it makes.
  "lib/image/debian/tools.ts",
  // Which ciphers the system's own ssh is fast at.
  "lib/ssh/openssh.ts",
  // What QEMU needs and offers differs by system.
  "drivers/qemu/accelerator/choose.ts",
  "drivers/qemu/version.ts",
  ".ci/",
  "test/",
];

test("process.platform is read in named places only", async () => {
  const wrong = (await sources())
    .filter(({ path }) => !path.endsWith(".test.ts"))
    .filter(({ path, text }) => /\bprocess\s*\.\s*platform\b|\bos\.platform\(|\bplatform\(\)/.test(text) && !PLACES.some((place) => path.startsWith(place)))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});
