export const SSH_FORMATS = ["cmd", "args", "options", "config"] as const;
export type SshFormat = (typeof SSH_FORMATS)[number];

/** An option as a shell word: quotes inside it must survive the shell. */
function word(option: string): string {
  return option.includes('"') ? `'${option}'` : option;
}

/** The `KEY=VALUE` options of ssh in one of the forms of `show-ssh`, whole lines. */
export function sshText(format: SshFormat, host: string, options: readonly string[]): string {
  const args = options.map((o) => `-o ${word(o)}`).join(" ");
  switch (format) {
    case "cmd": return `ssh ${args} ${host}\n`;
    case "args": return `${args}\n`;
    case "options": return options.map((o) => `${o}\n`).join("");
    case "config": return [`Host ${host}`, ...options.map((o) => `  ${o.replace("=", " ")}`), ""].join("\n");
  }
}
