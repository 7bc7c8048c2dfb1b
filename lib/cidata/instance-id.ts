import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../host/files.ts";
import { FILES } from "../store/filenames.ts";

interface State {
  readonly id: string;
  readonly hash: string;
}

function parseState(text: string): State | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { id, hash } = value as Record<string, unknown>;
    return typeof id === "string" && /^iid-\d+$/.test(id) && typeof hash === "string" ? { id, hash } : undefined;
  } catch {
    return undefined;
  }
}

async function readState(dir: string): Promise<State | undefined> {
  try {
    return parseState(await readFile(join(dir, FILES.instanceId), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The cloud-init instance id of these inputs: the last one as long as they are the same, else a new one, and the guest
 * is set up anew. A lost or broken state file makes a new one too. `now` is Unix time in milliseconds.
 */
export async function instanceIdFor(dir: string, inputs: readonly string[], now: number): Promise<{ readonly id: string; readonly changed: boolean }> {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const input of inputs) hasher.update(`${Buffer.byteLength(input)}\n`).update(input);
  const hash = hasher.digest("hex");
  const state = await readState(dir);
  if (state?.hash === hash) return { id: state.id, changed: false };
  // Seconds, as the reference's; two changes within one second, or a clock that went back, must not meet again.
  const last = state === undefined ? 0 : Number(state.id.slice("iid-".length));
  const id = `iid-${Math.max(Math.floor(now / 1000), last + 1)}`;
  await writeFileAtomic(join(dir, FILES.instanceId), `${JSON.stringify({ id, hash })}\n`);
  return { id, changed: true };
}
