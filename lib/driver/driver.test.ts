import { expect, test } from "bun:test";
import type { Context } from "../base/context.ts";
import type { Driver } from "./contract.ts";
import { macAddress } from "./mac.ts";
import { loadDriver } from "./select.ts";

test("macAddress() is stable, differs by directory, and is in the documented range", () => {
  expect(macAddress("/l/a")).toMatch(/^52:55:55(:[0-9a-f]{2}){3}$/);
  expect(macAddress("/l/a")).toBe(macAddress("/l/a"));
  expect(macAddress("/l/a")).not.toBe(macAddress("/l/b"));
});

test("loadDriver() loads by name and refuses what is not there", async () => {
  const ctx = {} as Context;
  const driver = { name: "fake" } as Driver;
  const registry = { fake: () => Promise.resolve({ default: () => driver }) };
  expect(await loadDriver(ctx, registry, "fake")).toBe(driver);
  for (const name of ["vz", "toString"]) {
    const error: unknown = await loadDriver(ctx, registry, name).then(() => undefined, (e: unknown) => e);
    expect(error).toMatchObject({ code: "DRIVER_NOT_FOUND", hint: "choose one of: fake" });
  }
});
