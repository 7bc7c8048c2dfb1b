/** A word for a POSIX shell: as it is when nothing in it is special, else in single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** The words of a command for `sh -c`. Leading `NAME=value` words are assignments: the name must stay bare to be one. */
export function commandText(words: readonly string[]): string {
  let leading = true;
  return words.map((word) => {
    const assignment = leading ? /^([A-Za-z_]\w*=)(.*)$/s.exec(word) : null;
    leading &&= assignment !== null;
    return assignment ? `${assignment[1]}${assignment[2] === "" ? "" : shellQuote(assignment[2] ?? "")}` : shellQuote(word);
  }).join(" ");
}

export interface ScriptOptions {
  /** Directory in the guest; not being able to enter it is fatal. Absent: the login directory. */
  readonly workdir: string | undefined;
  /** Variables to set for the shell. */
  readonly env: Readonly<Record<string, string>>;
  readonly shell: string;
  /** Empty: an interactive shell. */
  readonly command: readonly string[];
}

/** What the guest's login shell is given to run, as one argument of ssh. */
export function shellScript({ workdir, env, shell, command }: ScriptOptions): string {
  const enter = workdir === undefined ? "false" : `cd ${shellQuote(workdir)} || exit 1`;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const words = [...(variables.length > 0 ? ["env", ...variables] : []), shellQuote(shell), "-l", ...(command.length > 0 ? ["-c", shellQuote(commandText(command))] : [])];
  return `${enter} ; exec ${words.join(" ")}`;
}
