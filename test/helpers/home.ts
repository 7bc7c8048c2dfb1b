import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMA, type Ran, type RunOptions } from "./guest.ts";

/** A configuration that is good, needs no network, and cannot start. */
export const TEMPLATE = `images:
- location: /nonexistent/image.qcow2
  arch: x86_64
- location: /nonexistent/image.qcow2
  arch: aarch64
cpus: 2
memory: 2GiB
disk: 10GiB
`;

/**
 * A place for one test of the compiled program without a VM: its own LIMA_HOME, cache, user home and (empty) environment.
 * What is deferred is undone in reverse order; `KEEP=1` leaves the files.
 */
export class CliHome implements Disposable {
  readonly root: string;
  readonly home: string;
  readonly cache: string;
  readonly #undo = new DisposableStack();

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "lima-cli-")));
    this.home = join(this.root, "lima");
    this.cache = join(this.root, "cache");
    mkdirSync(join(this.root, "user"));
    if (process.env["KEEP"] === undefined) this.#undo.defer(() => rmSync(this.root, { recursive: true, force: true }));
  }

  defer(undo: () => void): void {
    this.#undo.defer(undo);
  }

  env(): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: join(this.root, "user"), LIMA_HOME: this.home, XDG_CACHE_HOME: this.cache, TZ: "UTC" };
  }

  spawn(args: readonly string[], options: RunOptions = {}) {
    return Bun.spawn([options.bin ?? LIMA, ...args], {
      env: { ...this.env(), ...options.env },
      cwd: options.cwd ?? this.root,
      stdin: options.input === undefined ? "ignore" : new Blob([options.input as string]),
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const started = performance.now();
    const child = this.spawn(args, options);
    const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
    return { code, stdout, stderr, ms: performance.now() - started };
  }

  /** The program under another name. */
  face(name: string): string {
    const path = join(this.root, "bin", name);
    mkdirSync(join(this.root, "bin"), { recursive: true });
    symlinkSync(LIMA, path);
    return path;
  }

  /** A directory for PATH with one script in it. */
  program(name: string, script: string): string {
    const dir = join(this.root, `path-${name}`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, name), script);
    chmodSync(join(dir, name), 0o755);
    return dir;
  }

  /** Writes a file below the root and returns its path. */
  file(name: string, text: string): string {
    const path = join(this.root, name);
    writeFileSync(path, text);
    return path;
  }

  /** An instance made by hand, without image and disk. Returns its directory. */
  instance(name: string, files: Readonly<Record<string, string>> = { "lima.yaml": TEMPLATE }): string {
    const dir = join(this.home, name);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text);
    return dir;
  }

  [Symbol.dispose](): void {
    this.#undo.dispose();
  }
}

/** The message of the last log line, unquoted. */
export function lastMessage(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1) ?? "";
  const text = /msg=("(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[1] ?? line;
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}
