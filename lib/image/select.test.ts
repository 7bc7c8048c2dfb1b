import { expect, test } from "bun:test";
import type { ImageRef } from "../config/schema.ts";
import { candidates } from "./select.ts";

const image = (location: string, arch: ImageRef["arch"], variant?: string, archVariant?: string): ImageRef => ({
  location,
  arch,
  ...(variant === undefined ? {} : { variant }),
  ...(archVariant === undefined ? {} : { archVariant }),
});

test("candidates() keeps to the variant of the first entry for the architecture", () => {
  const images = [image("a", "aarch64", "generic"), image("b", "x86_64", "cloud"), image("c", "x86_64", "nocloud"), image("d", "x86_64", "cloud"), image("e", "x86_64", "cloud", "v2")];
  expect(candidates(images, "x86_64").map((i) => i.location)).toEqual(["b", "d"]);
  expect(candidates(images, "riscv64")).toEqual([]);
});

test("candidates() takes no variant for a variant, the same as an empty one", () => {
  const images = [image("a", "x86_64"), image("b", "x86_64", ""), image("c", "x86_64", "cloud"), image("d", "x86_64", undefined, "v3")];
  expect(candidates(images, "x86_64").map((i) => i.location)).toEqual(["a", "b"]);
});
