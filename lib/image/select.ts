import type { Arch, ImageRef } from "../config/schema.ts";

/**
 * The entries to try, in order. The first entry for the architecture decides which variant is wanted (none counts as
 * one, too); the others of that variant are its fall-backs.
 */
export function candidates(images: readonly ImageRef[], arch: Arch): readonly ImageRef[] {
  const ofArch = images.filter((image) => image.arch === arch);
  const [first] = ofArch;
  if (first === undefined) return [];
  const kind = (image: ImageRef): string => JSON.stringify([image.variant ?? "", image.archVariant ?? ""]);
  return ofArch.filter((image) => kind(image) === kind(first));
}
