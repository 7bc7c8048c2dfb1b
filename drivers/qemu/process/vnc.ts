import { randomInt } from "node:crypto";
import { join } from "node:path";
import type { Machine } from "../../../lib/driver/contract.ts";
import { writeFileAtomic } from "../../../lib/host/files.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import type { Qmp } from "../qmp/client.ts";

/** VNC authentication looks at 8 characters, no more. */
const PASSWORD_LENGTH = 8;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const FIRST_PORT = 5900;

/**
 * Sets a random password on the VNC display and writes it and the display (`127.0.0.1:0`) to the instance directory,
 * readable by the user only. QEMU lets nobody in before.
 */
export async function openVnc(machine: Machine, qmp: Qmp): Promise<void> {
  if (machine.config.video.display !== "vnc") return;
  const password = Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  await qmp.command("set_password", { protocol: "vnc", password });
  const { host, service } = await qmp.command("query-vnc");
  // With "to=9" the display is the first free one.
  const display = `${host ?? "127.0.0.1"}:${Number(service ?? FIRST_PORT) - FIRST_PORT}`;
  await writeFileAtomic(join(machine.dir, FILES.vncDisplay), display, 0o600);
  await writeFileAtomic(join(machine.dir, FILES.vncPassword), password, 0o600);
}
