import { LimaError } from "../base/errors.ts";

/** What the guest must have of its own. */
export const DEFAULT_BLOCK = [
  "BASH*", "DISPLAY", "DYLD_*", "EUID", "FPATH", "GID", "GROUP", "HOME", "HOSTNAME", "LD_*", "LOGNAME", "OLDPWD", "PATH", "PWD",
  "SHELL", "SHLVL", "SSH_*", "TERM", "TERMINFO", "TMPDIR", "UID", "USER", "XAUTHORITY", "XDG_*", "ZDOTDIR", "ZSH*", "_*",
] as const;

function patterns(variable: string, text: string): string[] {
  const list = text.split(",").map((p) => p.trim()).filter((p) => p !== "");
  const bad = list.find((p) => !/^[A-Za-z0-9_*]+$/.test(p));
  if (bad !== undefined) throw new LimaError("SHELLENV_PATTERN", `invalid ${variable} pattern "${bad}": only letters, digits, underscores and * are allowed`);
  return list;
}

function matcher(list: readonly string[]): (name: string) => boolean {
  const any = list.map((p) => new RegExp(`^${p.replaceAll("*", ".*")}$`, "s"));
  return (name) => any.some((re) => re.test(name));
}

/**
 * The variables of the host that `shell --preserve-env` passes on. LIMA_SHELLENV_BLOCK replaces the block list, or with a
 * leading `+` extends it; what LIMA_SHELLENV_ALLOW matches passes even if blocked. Throws LimaError `SHELLENV_PATTERN`.
 */
export function preservedEnv(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const setting = env["LIMA_SHELLENV_BLOCK"];
  const extra = setting?.startsWith("+") === true;
  const own = setting === undefined ? [] : patterns("LIMA_SHELLENV_BLOCK", extra ? setting.slice(1) : setting);
  const blocked = matcher(setting === undefined || extra ? [...DEFAULT_BLOCK, ...own] : own);
  const allowed = matcher(patterns("LIMA_SHELLENV_ALLOW", env["LIMA_SHELLENV_ALLOW"] ?? ""));
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => {
    // What no shell could have set (functions exported by bash) the guest's shell cannot set either.
    const passes = value !== undefined && /^[A-Za-z_]\w*$/.test(name) && (allowed(name) || !blocked(name));
    return passes ? [[name, value] as const] : [];
  }));
}
