import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { utils } from "ssh2";
import { lock } from "../host/lock.ts";
import { exists, writeFileAtomic } from "../host/files.ts";
import { CONFIG_DIR, CONFIG_FILES } from "../store/filenames.ts";

export interface Identity {
  /** Path of the private key. */
  readonly privateKey: string;
  /** Path of the public key. */
  readonly publicKey: string;
}

/** Where the identity of a home is, made or not. */
export function identityPaths(home: string): Identity {
  return { privateKey: join(home, CONFIG_DIR, CONFIG_FILES.userKey), publicKey: join(home, CONFIG_DIR, CONFIG_FILES.userPublicKey) };
}

/**
 * The ed25519 key pair of a Lima home, made on first use. Several processes may ask at once: the private key is
 * written last, so its presence means that both are there.
 */
export async function ensureIdentity(home: string): Promise<Identity> {
  const paths = identityPaths(home);
  if (await exists(paths.privateKey)) return paths;
  const dir = join(home, CONFIG_DIR);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  using _held = await lock(dir);
  if (await exists(paths.privateKey)) return paths;
  const pair = utils.generateKeyPairSync("ed25519", { comment: "lima" });
  await writeFileAtomic(paths.publicKey, `${pair.public}\n`, 0o644);
  await writeFileAtomic(paths.privateKey, pair.private, 0o600);
  return paths;
}

/** A public key line: type, base64 and maybe a comment, the type repeated inside the base64 as RFC 4253 6.6 has it. */
function isPublicKeyLine(line: string): boolean {
  const [type, blob] = line.split(" ");
  if (type === undefined || blob === undefined || line.includes("\n")) return false;
  const bytes = Buffer.from(blob, "base64");
  return bytes.length > 4 && bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() === type;
}

/** The user's own keys below `$HOME/.ssh`: their public lines, and the private key files that belong to them. */
export async function dotSshKeys(userHome: string): Promise<readonly { readonly publicKey: string; readonly privateKey: string | undefined }[]> {
  const dir = join(userHome, ".ssh");
  const names = await readdir(dir).catch(() => [] as string[]);
  const keys = [];
  for (const name of names.filter((n) => n.endsWith(".pub")).toSorted()) {
    const line = (await readFile(join(dir, name), "utf8").catch(() => "")).trim();
    if (!isPublicKeyLine(line)) continue;
    const privateKey = join(dir, name.slice(0, -".pub".length));
    keys.push({ publicKey: line, privateKey: (await exists(privateKey)) ? privateKey : undefined });
  }
  return keys;
}

/** Everything that may log in to a guest: the home's own key first, then the user's when configured. */
export async function authorizedKeys(home: string, userHome: string, loadDotSSHPubKeys: boolean): Promise<readonly string[]> {
  const { publicKey } = await ensureIdentity(home);
  const own = (await readFile(publicKey, "utf8")).trim();
  return [own, ...(loadDotSSHPubKeys ? (await dotSshKeys(userHome)).map((k) => k.publicKey) : [])];
}
