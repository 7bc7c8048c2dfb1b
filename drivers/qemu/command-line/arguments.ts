/** A value inside QEMU's `key=value,key=value` syntax: commas are doubled. */
export function escapeValue(text: string): string {
  return text.replaceAll(",", ",,");
}

/** `--M` and `-machine` are one option to QEMU. */
function canonical(option: string): string {
  const name = option.replace(/^--?/, "");
  return name === "M" ? "machine" : name;
}

/** The arguments in the making. Those the user gave in `$QEMU_SYSTEM_<ARCH>` stand first and win. */
export class ArgumentList {
  readonly #list: string[];
  readonly #given: ReadonlyMap<string, string>;
  /** What the log should say about arguments that were left out. */
  readonly warnings: string[] = [];

  constructor(leading: readonly string[]) {
    this.#list = [...leading];
    this.#given = new Map(leading.flatMap((word, i) => (word.startsWith("-") ? [[canonical(word), leading[i + 1] ?? ""] as const] : [])));
  }

  /** The value that the user gave for an option, if any. */
  given(option: string): string | undefined {
    return this.#given.get(canonical(option));
  }

  /** For options that may come several times. */
  add(option: string, value: string): void {
    this.#list.push(option, value);
  }

  /** For options that make sense once: nothing is added when the user gave one. */
  once(option: string, value: string): void {
    const given = this.given(option);
    if (given === undefined) this.add(option, value);
    else if (given !== value) this.warnings.push(`QEMU argument "${option} ${value}" is left out: "${option} ${given}" was given in the environment`);
  }

  /** For options without a value. */
  flag(option: string): void {
    if (this.given(option) === undefined) this.#list.push(option);
  }

  get words(): readonly string[] {
    return this.#list;
  }
}
