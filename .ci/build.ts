/**
 * Builds the program: `bun .ci/build.ts`, with `dist` also the executables for all systems. Only what changed is made.
 *
 *   dist/bin/lima and its links               for this machine, the guest agent for its architecture inside
 *   dist/share/lima/lima-guestagent.Linux-*   guest agents for Linux guests
 *   dist/release/lima-VERSION-SYSTEM-ARCH     each complete in itself, and SHA256SUMS (only with `dist`)
 */
import { readdir, readlink, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../lib/host/files.ts";
import { version } from "../package.json" with { type: "json" };
import { type AgentArch, buildAgent, compressedAgent } from "./agent.ts";
import { compile, output } from "./compile.ts";
import { writeEmbeds } from "./embed.ts";
import { duration, say } from "./print.ts";
import { hashInputs, ROOT, unlessFresh } from "./stamp.ts";

const PROGRAM = "dist/bin/lima";
/** Names the program is also called by; what it does depends on the name. */
const LINKS = ["limactl", "nerdctl.lima", "docker.lima", "podman.lima", "kubectl.lima", "apptainer.lima"];
const INPUTS = ["{cmd,lib,drivers,templates}/**/*", "guest/boot/**/*", "package.json", "bun.lock", ".ci/{build,compile,stamp}.ts"];

/** What `dist` makes: Bun's target, the guest architecture it runs natively, and how such an executable begins. */
const RELEASES = {
  "linux-x64": { target: "bun-linux-x64-baseline", arch: "x86_64", magic: "7f454c46" },
  "linux-arm64": { target: "bun-linux-arm64", arch: "aarch64", magic: "7f454c46" },
  "darwin-x64": { target: "bun-darwin-x64", arch: "x86_64", magic: "cffaedfe" },
  "darwin-arm64": { target: "bun-darwin-arm64", arch: "aarch64", magic: "cffaedfe" },
  "windows-x64": { target: "bun-windows-x64", arch: "x86_64", magic: "4d5a" },
} as const satisfies Record<string, { target: string; arch: AgentArch; magic: string }>;

/** A build can "succeed" with a program that does not start, or that is plain Bun: only running it tells. */
async function runs(executable: string): Promise<void> {
  const printed = await output([executable, "--version"], { ...process.env, BUN_BE_BUN: undefined });
  if (!printed.trim().endsWith(` ${version}`)) throw new Error(`${basename(executable)} --version printed ${JSON.stringify(printed)}, expected version ${version}`);
}

async function link(name: string): Promise<void> {
  const path = join(ROOT, "dist/bin", name);
  if ((await readlink(path).catch(() => "")) === "lima") return;
  await rm(path, { force: true });
  await symlink("lima", path);
}

async function buildProgram(inputs: string): Promise<void> {
  const started = performance.now();
  const agent = await compressedAgent(process.arch === "arm64" ? "aarch64" : "x86_64", 6);
  const made = await unlessFresh("lima", `${inputs} ${basename(agent)}`, [PROGRAM], () =>
    compile({ entry: "cmd/lima.ts", outfile: PROGRAM, assets: [agent], check: runs }));
  await Promise.all(LINKS.map(link));
  if (made) say(`${PROGRAM} (${duration(performance.now() - started)})`);
}

async function buildRelease(system: keyof typeof RELEASES, inputs: string): Promise<string> {
  const started = performance.now();
  const { target, arch, magic } = RELEASES[system];
  const outfile = `dist/release/lima-${version}-${system}${system.startsWith("windows") ? ".exe" : ""}`;
  const agent = await compressedAgent(arch, 19);
  const check = async (executable: string): Promise<void> => {
    const start = await Bun.file(executable).slice(0, magic.length / 2).bytes();
    if (Buffer.from(start).toString("hex") !== magic) throw new Error(`${basename(executable)} is no executable for ${system}`);
  };
  const made = await unlessFresh(`release-${system}`, `${inputs} ${basename(agent)}`, [outfile], () =>
    compile({ entry: "cmd/lima.ts", outfile, target, assets: [agent], check }));
  if (made) say(`${outfile} (${duration(performance.now() - started)})`);
  return outfile;
}

async function buildReleases(inputs: string): Promise<void> {
  // The long part, on two threads.
  await Promise.all([compressedAgent("x86_64", 19), compressedAgent("aarch64", 19)]);
  const names: string[] = [];
  for (const system of Object.keys(RELEASES) as (keyof typeof RELEASES)[]) names.push(basename(await buildRelease(system, inputs)));
  const dir = join(ROOT, "dist/release");
  const stale = (await readdir(dir)).filter((name) => !names.includes(name) && name !== "SHA256SUMS");
  await Promise.all(stale.map((name) => rm(join(dir, name), { recursive: true })));
  const sums = await Promise.all(names.sort().map(async (name) => {
    const hash = new Bun.CryptoHasher("sha256");
    for await (const chunk of Bun.file(join(dir, name)).stream()) hash.update(chunk);
    return `${hash.digest("hex")}  ${name}\n`;
  }));
  await writeFileAtomic(join(dir, "SHA256SUMS"), sums.join(""));
}

try {
  await writeEmbeds();
  const inputs = await hashInputs(INPUTS);
  await Promise.all([buildAgent("x86_64"), buildAgent("aarch64")]);
  await buildProgram(inputs);
  if (process.argv[2] === "dist") await buildReleases(inputs);
} catch (error) {
  say(`build failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
