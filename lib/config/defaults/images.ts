import { join, resolve } from "node:path";
import type { ConfigInput, FileInput, ImageInput } from "../input.ts";
import type { HostFacts } from "../host-facts.ts";
import type { Path } from "../problem.ts";
import { ARCHES, type Arch, type FileRef, type ImageRef } from "../schema.ts";
import { type Filling, oneOf } from "./filling.ts";

/** `https://...`, and `debian:SUITE`, which is built here; everything else is a file. */
export function isRemote(location: string): boolean {
  return location.includes("://") || /^debian:[a-z][a-z0-9-]*$/.test(location);
}

/** A path of the host: `~` is the user's home, relative paths start at the working directory. */
export function hostPath(location: string, host: HostFacts): string {
  if (location === "~" || location.startsWith("~/")) return join(host.user.home, location.slice(1));
  return resolve(host.cwd, location);
}

function fillFile(file: FileInput, arch: Arch, path: Path, filling: Filling): FileRef {
  const location = file.location ?? "";
  if (location === "") filling.problems.push({ path: [...path, "location"], reason: "must be set" });
  else if (/^~[^/]/.test(location)) filling.problems.push({ path: [...path, "location"], value: location, reason: `only "~/" is expanded, write the path in full` });
  return {
    location: location === "" || isRemote(location) ? location : hostPath(location, filling.host),
    arch: oneOf(filling, [...path, "arch"], file.arch, ARCHES, arch),
    ...(file.digest === undefined || file.digest === "" ? {} : { digest: file.digest }),
  };
}

function fillImage(image: ImageInput, arch: Arch, path: Path, filling: Filling): ImageRef {
  const file = fillFile(image, arch, path, filling);
  const { kernel, initrd, variant, archVariant } = image;
  return {
    ...file,
    ...(kernel === undefined ? {} : { kernel: { ...fillFile(kernel, file.arch, [...path, "kernel"], filling), ...(kernel.cmdline === undefined ? {} : { cmdline: kernel.cmdline }) } }),
    ...(initrd === undefined ? {} : { initrd: fillFile(initrd, file.arch, [...path, "initrd"], filling) }),
    ...(variant === undefined ? {} : { variant }),
    ...(archVariant === undefined ? {} : { archVariant }),
  };
}

/** Images in their order of preference; an entry without an architecture is for the machine's. */
export function fillImages(input: ConfigInput, arch: Arch, filling: Filling): readonly ImageRef[] {
  return (input.images ?? []).map((image, i) => fillImage(image, arch, ["images", i], filling));
}
