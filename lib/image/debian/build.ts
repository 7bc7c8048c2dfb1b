import { closeSync, openSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import { LimaError } from "../../base/errors.ts";
import type { Arch } from "../../config/schema.ts";
import { entryDir, ENTRY } from "../../download/layout.ts";
import { guardSpace, requireSpace } from "../../download/space.ts";
import { ensureDir, exists, writeFileAtomic } from "../../host/files.ts";
import { lock } from "../../host/lock.ts";
import { aptProxy } from "./apt-proxy.ts";
import { findMirror, type Mirror } from "./mirror.ts";
import { findNamespaces, type Namespaces, runInNamespaces } from "./namespace.ts";
import { lines, type Recipe, recipeFor } from "./recipe.ts";
import { guestSources, sourcesFor } from "./suites.ts";
import { programPath, requireTools } from "./tools.ts";

/** The parts of a built image: files in the cache that are never written again. */
export interface DebianImage {
  /** qcow2. */
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel's command line itself. */
  readonly cmdline: string;
}

/** In the cache entry, beside `url` and `data` (the disk, which comes last). */
const PARTS = { kernel: "kernel", initrd: "initrd", cmdline: "kernel.cmdline", log: "build.log", build: "build" } as const;
/** Bytes that a build needs for a while: packages, the tree made of them, the file system and the disk image. */
const SPACE = 1.5 * 2 ** 30;

/**
 * Hands an image of a Debian suite to `use`, built from packages or as built before for the same suite, architecture,
 * mirror and recipe. The cache entry is locked meanwhile: of several processes one builds and the others wait.
 * Throws LimaError `BUILD_FAILED` and others that say what is missing; and the signal's reason when aborted. What an
 * interrupted build left is removed by the next.
 */
export async function withDebianImage<T>(ctx: Context, suite: string, arch: Arch, use: (image: DebianImage) => Promise<T>): Promise<T> {
  const recipe = recipeFor(suite, arch);
  const mirror = await findMirror(ctx.env);
  const key = `debian:${suite}?arch=${arch}&mirror=${[mirror.main, mirror.security ?? ""].join(",")}&recipe=${recipe.hash}`;
  const dir = entryDir(ctx.cacheDir, key);
  await ensureDir(dir, 0o700);
  using _ = await lock(dir, { signal: ctx.signal, onWait: () => ctx.log.info(`waiting for another process that builds the image debian:${suite}`) });
  const at = (name: string): string => join(dir, name);
  if (await exists(at(ENTRY.data))) ctx.log.info(`Using the image debian:${suite} built before`, { cache: dir });
  else await guardSpace(dir, `build image "debian:${suite}"`, () => build(ctx, suite, arch, mirror, recipe, key, dir));
  return use({ disk: at(ENTRY.data), kernel: at(PARTS.kernel), initrd: at(PARTS.initrd), cmdline: await readFile(at(PARTS.cmdline), "utf8") });
}

async function build(ctx: Context, suite: string, arch: Arch, mirror: Mirror, recipe: Recipe, key: string, dir: string): Promise<void> {
  const started = performance.now();
  const say = (phase: string): void => ctx.log.info(`building the image debian:${suite}: ${phase}`, { elapsed: `${((performance.now() - started) / 1000).toFixed(1)}s` });
  await requireTools(ctx.env, suite, arch, recipe.debianArch);
  const namespaces = await findNamespaces(ctx.env);
  await requireSpace(dir, SPACE, `build image "debian:${suite}"`);
  const proxy = await aptProxy(ctx);
  say(`looking at the mirror ${mirror.main}`);
  const sources = await sourcesFor({ ...ctx, env: proxy.env }, suite, mirror);
  await writeFileAtomic(join(dir, ENTRY.url), key, 0o600);
  const work = join(dir, PARTS.build);
  const log = openSync(join(dir, PARTS.log), "w", 0o600);
  try {
    await removeTree(ctx, namespaces, dir, log);
    await mkdir(work, { mode: 0o755 });
    await using undo = new AsyncDisposableStack();
    // Also after Ctrl-C; and if it fails, the next build tries again and says why.
    undo.defer(() => removeTree({ ...ctx, signal: new AbortController().signal }, namespaces, dir, log).catch((error: unknown) => ctx.log.debug("cannot clean up", { dir, error })));
    const files = { ...recipe.files, "apt-options": `${recipe.files["apt-options"]}${lines(proxy.options)}`, "sources.list": sources, "guest-sources.list": guestSources(sources) };
    for (const [name, text] of Object.entries(files)) await writeFile(join(work, name), text);
    const env = { ...recipe.env, ...proxyVariables(ctx.env), LC_ALL: "C.UTF-8", PATH: programPath(ctx.env) };
    const code = await runInNamespaces(ctx, namespaces, { argv: ["sh", "build.sh"], cwd: work, env, stderr: log, onLine: say });
    if (code !== 0) throw await buildFailed(suite, join(dir, PARTS.log));
    await publish(work, dir, recipe.cmdline);
  } finally {
    closeSync(log);
  }
  say("done");
}

/** Removes the build directory, files of mapped ids included. Its lock is held as long as anything of an earlier build is alive. */
async function removeTree(ctx: Context, namespaces: Namespaces, dir: string, log: number): Promise<void> {
  const work = join(dir, PARTS.build);
  if (!(await exists(work))) return;
  using _ = await lock(work, { signal: ctx.signal });
  const removed = await rm(work, { recursive: true, force: true }).then(() => true, () => false);
  if (removed) return;
  await runInNamespaces(ctx, namespaces, { argv: ["sh", "-c", `read -r _; exec rm -rf ${PARTS.build}`], cwd: dir, env: { PATH: programPath(ctx.env) }, stderr: log, onLine: () => {} });
  await rm(work, { recursive: true, force: true });
}

/** The disk goes last: with it the entry is complete. */
async function publish(work: string, dir: string, cmdline: string): Promise<void> {
  await writeFileAtomic(join(dir, PARTS.cmdline), cmdline);
  for (const [from, to] of [["kernel", PARTS.kernel], ["initrd", PARTS.initrd], ["disk", ENTRY.data]] as const) {
    const made = join(work, "out", from);
    await chmod(made, 0o444);
    await rename(made, join(dir, to));
  }
}

/** apt knows the lower-case names only. */
function proxyVariables(env: Context["env"]): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = env[name] ?? env[name.toUpperCase()];
    return value === undefined || value === "" ? [] : [[name, value]];
  }));
}

async function buildFailed(suite: string, log: string): Promise<LimaError> {
  const lines = (await readFile(log, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return new LimaError("BUILD_FAILED", `cannot build image "debian:${suite}", it ended with:\n${lines.slice(-8).join("\n")}`, { hint: `the whole log is in ${log}` });
}
