/** A size as the configuration spells it. What is no whole number of GiB is rounded up: it is what a disk must hold. */
export function formatBytes(bytes: number): string {
  return `${Math.ceil((bytes / 2 ** 30) * 100) / 100}GiB`;
}
