import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ROOT } from "./stamp.ts";

/**
 * `--bytecode` and `--splitting` make the start fast; bytecode needs `--format=esm`, without it the build "succeeds" with
 * a program that does not start. The next two keep the program from reading .env and bunfig.toml where it is called.
 * Native add-ons (ssh2 tries two that we do not build, and does without) are not looked for.
 */
const FLAGS = [
  "--compile", "--minify", "--bytecode", "--format=esm", "--splitting",
  "--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig",
  "--external=*.node",
];

export interface Program {
  /** Entry point, relative to the root. */
  readonly entry: string;
  /** The executable, relative to the root; appears only when it is complete and `check` passes. */
  readonly outfile: string;
  /** Bun's name of the platform, `bun-linux-arm64`; the machine's own when absent. */
  readonly target?: string;
  /** Files to embed, absolute; found again in Bun.embeddedFiles by their last name. */
  readonly assets?: readonly string[];
  /** Looks at the executable before it gets its name; throws when it is not good. */
  readonly check?: (executable: string) => Promise<void>;
}

/** Runs a command and returns its stdout; throws with all that it printed when it fails. */
export async function output(argv: readonly string[], env?: Record<string, string | undefined>): Promise<string> {
  const child = Bun.spawn([...argv], { cwd: ROOT, stdin: "ignore", stdout: "pipe", stderr: "pipe", ...(env ? { env } : {}) });
  const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit status ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** Compiles a program to one executable file. */
export async function compile({ entry, outfile, target, assets = [], check }: Program): Promise<void> {
  const final = join(ROOT, outfile);
  await mkdir(dirname(final), { recursive: true });
  // Beside the final place, so that the rename is one step; the last name stays, Bun puts it into the executable.
  const temp = await mkdtemp(join(dirname(final), ".compile-"));
  try {
    const made = join(temp, basename(final));
    const options = [...(target === undefined ? [] : [`--target=${target}`]), ...assets.flatMap((path) => ["--asset", path])];
    await output([process.execPath, "build", ...FLAGS, ...options, join(ROOT, entry), "--outfile", made]);
    await check?.(made);
    await rename(made, final);
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}
