import { expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instanceIdFor } from "./instance-id.ts";

async function withDir(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "iid-"));
  try {
    await run(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("the id stays as long as the inputs do", () => withDir(async (dir) => {
  expect(await instanceIdFor(dir, ["a", "b"], 1_000_500)).toEqual({ id: "iid-1000", changed: true });
  expect(await instanceIdFor(dir, ["a", "b"], 9_000_000)).toEqual({ id: "iid-1000", changed: false });
  expect(await instanceIdFor(dir, ["ab", ""], 9_000_000)).toEqual({ id: "iid-9000", changed: true });
}));

test("no id comes twice, even when the clock stands still or goes back", () => withDir(async (dir) => {
  expect((await instanceIdFor(dir, ["1"], 5000)).id).toBe("iid-5");
  expect((await instanceIdFor(dir, ["2"], 5000)).id).toBe("iid-6");
  expect((await instanceIdFor(dir, ["3"], 0)).id).toBe("iid-7");
}));

test.each(["", "{", "null", '{"id":"iid-1"}', '{"id":"../x","hash":"y"}', '{"id":1,"hash":"y"}'])("a broken state file (%p) makes a new id", (text) => withDir(async (dir) => {
  await writeFile(join(dir, "instance-id.json"), text);
  expect(await instanceIdFor(dir, ["a"], 7000)).toEqual({ id: "iid-7", changed: true });
  expect(await instanceIdFor(dir, ["a"], 8000)).toEqual({ id: "iid-7", changed: false });
}));
