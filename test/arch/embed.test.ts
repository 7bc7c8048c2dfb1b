import { expect, test } from "bun:test";
import { join } from "node:path";
import { embeds } from "../../.ci/embed.ts";
import { ROOT } from "./sources.ts";

for (const [path, expected] of await embeds()) {
  test(`${path} is what \`make\` generates`, async () => {
    expect(await Bun.file(join(ROOT, path)).text()).toBe(expected);
  });
}
