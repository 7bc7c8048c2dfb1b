import { type SshTarget, SshSession } from "./client.ts";

/** The terminal or the pipes a command in the guest is connected to. */
export interface Stdio {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Runs one command in the guest on this process's stdio, with the built-in client: for hosts without OpenSSH.
 * Bytes pass unchanged in both directions; on a terminal the guest gets a pty that follows the window's size.
 *
 * @param tty allocate a terminal in the guest
 * @returns the command's exit code; 255 when the connection broke
 */
export async function runInteractive(target: SshTarget, command: string, tty: boolean, stdio: Stdio): Promise<number> {
  const { stdin, stdout, stderr } = stdio;
  const session = await SshSession.connect(target, 30_000);
  const size = (): { rows: number; cols: number } => ({ rows: stdout.rows ?? 24, cols: stdout.columns ?? 80 });
  const channel = await session.open(command, tty ? { term: process.env["TERM"] ?? "xterm", ...size() } : undefined);
  const done = Promise.withResolvers<number>();
  let exitCode = 255;
  channel.on("exit", (code: number | null) => { exitCode = code ?? 255; });
  channel.on("close", () => done.resolve(exitCode));
  channel.stdout.pipe(stdout, { end: false });
  channel.stderr.pipe(stderr, { end: false });
  stdin.pipe(channel.stdin);
  const resize = (): void => { const { rows, cols } = size(); channel.setWindow(rows, cols, 0, 0); };
  const raw = tty && stdin.isTTY;
  if (raw) {
    stdin.setRawMode(true);
    stdout.on("resize", resize);
  }
  try {
    return await done.promise;
  } finally {
    if (raw) {
      stdin.setRawMode(false);
      stdout.off("resize", resize);
    }
    stdin.unpipe(channel.stdin);
    stdin.pause();
    session.close();
  }
}
