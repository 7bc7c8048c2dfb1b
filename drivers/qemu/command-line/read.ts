/** The accelerator in the arguments of a running QEMU: `-accel NAME,...` or `-machine ...,accel=NAME`; QEMU's default is tcg. */
export function acceleratorOf(words: readonly string[]): string {
  const values = (option: string): string[] => words.flatMap((word, i) => (word === option ? [words[i + 1] ?? ""] : []));
  const [accel] = values("-accel");
  if (accel !== undefined) return accel.split(",")[0] ?? "tcg";
  const machine = [...values("-machine"), ...values("-M")].flatMap((value) => /(?:^|,)accel=([a-z0-9]+)/.exec(value)?.[1] ?? []);
  return machine[0] ?? "tcg";
}
