import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The executable under test. */
export const LIMA = process.env["LIMA_BIN"] ?? join(import.meta.dir, "../../dist/bin/lima");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Another copy of the executable. */
  readonly bin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * A throw-away LIMA_HOME for tests that boot. The image cache is the user's own: building an image takes most of a
 * minute, and what is in the cache is checked by its key.
 */
export class GuestHome {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async make(): Promise<GuestHome> {
    return new GuestHome(await mkdtemp(join(tmpdir(), "lima-vm-")));
  }

  /** Starts the executable; for tests that signal it. */
  spawn(args: readonly string[], options: RunOptions = {}) {
    return Bun.spawn([options.bin ?? LIMA, ...args], {
      env: { ...process.env, LIMA_HOME: this.home, ...options.env },
      stdin: options.input === undefined ? "ignore" : new Blob([options.input as string]),
      stdout: "pipe",
      stderr: "pipe",
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
  }

  /** Runs the executable to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const started = performance.now();
    const child = this.spawn(args, options);
    const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
    return { code, stdout, stderr, ms: performance.now() - started };
  }

  /** Runs it and fails the test with its words unless it exits 0. Returns stdout. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const ran = await this.run(args, options);
    if (ran.code !== 0) throw new Error(`lima ${args.join(" ")}: exit ${ran.code}\n${ran.stdout}${ran.stderr}\n${this.logs(args.at(-1) ?? "")}`);
    return ran.stdout;
  }

  /** One object of `list --json`. */
  async inspect(name: string): Promise<{ status: string; errors?: string[]; hostAgentPID?: number; driverPID?: number; sshLocalPort?: number; dir: string }> {
    return JSON.parse(await this.ok(["list", "--json", name])) as Awaited<ReturnType<GuestHome["inspect"]>>;
  }

  /** A file of an instance. */
  file(name: string, file: string): string {
    return readFileSync(join(this.home, name, file), "utf8");
  }

  /** The ends of an instance's logs, for a failing test. */
  logs(name: string): string {
    return ["ha.stderr.log", "serial.log"].map((file) => {
      try {
        return `--- ${file}\n${this.file(name, file).slice(-3000)}`;
      } catch {
        return "";
      }
    }).join("\n");
  }

  /** Ends everything that runs here and removes the home; `KEEP=1` leaves it. */
  async remove(): Promise<void> {
    const names = (await this.run(["list", "-q"])).stdout.split("\n").filter((n) => n !== "");
    for (const name of names) await this.run(process.env["KEEP"] === undefined ? ["delete", "--force", name] : ["stop", "--force", name]);
    if (process.env["KEEP"] === undefined) await rm(this.home, { recursive: true, force: true });
  }
}

/** What a TCP server says, or the error code of the attempt. */
export function ask(port: number, request = ""): Promise<string> {
  return new Promise((resolve) => {
    let got = "";
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.end(request));
    socket.on("data", (d: Buffer) => { got += d.toString(); });
    socket.on("end", () => resolve(got));
    socket.on("error", (e: Error & { code?: string }) => resolve(e.code ?? "error"));
  });
}

/** Asks again until the answer is as wanted. The last answer is in the error when it never is. */
export async function until<T>(ask: () => Promise<T> | T, wanted: (answer: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`gave up waiting; the last answer was ${JSON.stringify(answer)}`);
    await Bun.sleep(50);
  }
}
