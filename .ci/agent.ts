import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../lib/host/files.ts";
import { compile } from "./compile.ts";
import { duration, say } from "./print.ts";
import { hashInputs, ROOT, unlessFresh } from "./stamp.ts";

/** Lima's name of each guest architecture that has an agent, and Bun's. Baseline: emulated guests may have no AVX2. */
export const AGENT_TARGETS = { x86_64: "bun-linux-x64-baseline", aarch64: "bun-linux-arm64" } as const;
export type AgentArch = keyof typeof AGENT_TARGETS;

const INPUTS = ["guest/agent/**/*.ts", "lib/protocol/**/*.ts", "package.json", ".ci/{agent,compile,stamp}.ts"];

const agentFile = (arch: AgentArch): string => `dist/share/lima/lima-guestagent.Linux-${arch}`;

/** Compiles the guest agent for an architecture to dist/share/lima. */
export async function buildAgent(arch: AgentArch): Promise<void> {
  const started = performance.now();
  const made = await unlessFresh(`agent-${arch}`, await hashInputs(INPUTS), [agentFile(arch)], () =>
    compile({ entry: "guest/agent/main.ts", outfile: agentFile(arch), target: AGENT_TARGETS[arch] }));
  if (made) say(`${agentFile(arch)} (${duration(performance.now() - started)})`);
}

/**
 * The agent as it is embedded, compressed with zstd; returns the absolute path. The name carries what the program needs
 * to know to find an unpacked copy without unpacking: `lima-guestagent.Linux-ARCH.SHA256.SIZE.zst`.
 *
 * @param level 6 takes about a second for 110 MB, 19 takes 45 seconds and saves another 12 %
 */
export async function compressedAgent(arch: AgentArch, level: 6 | 19): Promise<string> {
  const started = performance.now();
  const bytes = await Bun.file(join(ROOT, agentFile(arch))).bytes();
  const digest = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  const name = `dist/.assets/level-${level}/${basename(agentFile(arch))}.${digest}.${bytes.length}.zst`;
  const made = await unlessFresh(`asset-${arch}-${level}`, digest, [name], async () => {
    await mkdir(join(ROOT, "dist/.assets"), { recursive: true });
    await writeFileAtomic(join(ROOT, name), await Bun.zstdCompress(bytes, { level }));
  });
  if (made) say(`agent for ${arch} compressed (${duration(performance.now() - started)})`);
  return join(ROOT, name);
}
