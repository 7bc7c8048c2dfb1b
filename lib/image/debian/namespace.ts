import { userInfo } from "node:os";
import type { Context } from "../../base/context.ts";
import { LimaError } from "../../base/errors.ts";
import { which } from "../../host/which.ts";
import { type IdMapping, idMapping, mapIds, unavailable, type User } from "./rootless.ts";

export interface NamespaceOptions {
  /** Runs as root of namespaces of its own; must read one line from its standard input before anything else. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** File descriptor that takes standard error. */
  readonly stderr: number;
  /** Gets each line of standard output. */
  readonly onLine: (line: string) => void;
}

/** How this user gets to be root of namespaces. */
export interface Namespaces {
  readonly unshare: string;
  /** For an ordinary user. */
  readonly mapping: IdMapping | undefined;
}

/** Looks how it can be done here. Throws LimaError `ROOTLESS_UNAVAILABLE` or `PROGRAM_NOT_FOUND`. */
export async function findNamespaces(env: Context["env"]): Promise<Namespaces> {
  const unshare = which("unshare", env);
  if (unshare === undefined) throw new LimaError("PROGRAM_NOT_FOUND", `cannot build a Debian image: the program "unshare" is not installed`, { hint: "install the package util-linux" });
  const user = currentUser();
  return { unshare, mapping: user.uid === 0 ? undefined : await idMapping(env, user) };
}

/**
 * Runs a program with its own mounts and process ids, as root of them: really, or mapped from an ordinary user and
 * their subordinate ids. Whatever it starts ends with it, and it ends when this process does, however that ends.
 * Returns its exit code. Throws LimaError `ROOTLESS_UNAVAILABLE` or `NAMESPACE_UNAVAILABLE`, and the signal's reason.
 */
export async function runInNamespaces(ctx: Pick<Context, "env" | "signal">, { unshare, mapping }: Namespaces, options: NamespaceOptions): Promise<number> {
  ctx.signal.throwIfAborted();
  const namespaces = [...(mapping ? ["--user"] : []), "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  // The shell says that the namespaces exist, so that ids are mapped neither too early nor in ours.
  const announce = ["sh", "-c", 'echo; exec "$@"', "sh"];
  const child = Bun.spawn([unshare, ...namespaces, ...announce, ...options.argv], {
    cwd: options.cwd,
    env: { ...options.env },
    stdin: "pipe",
    stdout: "pipe",
    stderr: options.stderr,
  });
  const kill = (): void => child.kill("SIGKILL");
  ctx.signal.addEventListener("abort", kill, { once: true });
  try {
    const lines = readLines(child.stdout);
    if ((await lines.next()).done === true) {
      ctx.signal.throwIfAborted();
      throw mapping ? unavailable("user namespaces are not allowed here") : new LimaError("NAMESPACE_UNAVAILABLE", "cannot build a Debian image: this root may not mount anything", { hint: "in a container, give it the capability SYS_ADMIN" });
    }
    if (mapping) await mapIds(child.pid, mapping, ctx.signal);
    void child.stdin.write("\n");
    await child.stdin.flush();
    for await (const line of lines) options.onLine(line);
    const code = await child.exited;
    ctx.signal.throwIfAborted();
    return code;
  } finally {
    ctx.signal.removeEventListener("abort", kill);
    kill();
    await child.exited;
  }
}

function currentUser(): User {
  const { username, uid, gid } = userInfo();
  return { name: username, uid, gid };
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}
