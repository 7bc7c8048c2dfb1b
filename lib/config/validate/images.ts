import { parseDigest } from "../digest.ts";
import type { Path, Problem } from "../problem.ts";
import type { Config, FileRef } from "../schema.ts";

function* fileProblems(path: Path, { digest }: FileRef): Iterable<Problem> {
  const parsed = digest === undefined ? undefined : parseDigest(digest);
  if (typeof parsed === "string") yield { path: [...path, "digest"], value: digest, reason: parsed };
}

export function* imageProblems({ images }: Config): Iterable<Problem> {
  if (images.length === 0) yield { path: ["images"], reason: "must be set, with at least one entry" };
  for (const [i, image] of images.entries()) {
    const path = ["images", i];
    yield* fileProblems(path, image);
    for (const key of ["kernel", "initrd"] as const) {
      const part = image[key];
      if (part === undefined) continue;
      yield* fileProblems([...path, key], part);
      if (part.arch !== image.arch) yield { path: [...path, key, "arch"], value: part.arch, reason: `must be the architecture of its image, ${image.arch}` };
    }
  }
}
