import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../../lib/base/context.ts";
import { LimaError } from "../../../lib/base/errors.ts";
import type { VmExit } from "../../../lib/driver/contract.ts";
import { tcpPortOwner } from "../../../lib/host/ports.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import { QmpError, type Qmp, type QmpEvent } from "../qmp/client.ts";
import { readTail, translateLastWords } from "./last-words.ts";
import { connectMonitor, isNotListening } from "./monitor.ts";

/** QEMU greets within 100 ms; a host that swaps takes its time. */
const GREETING_LIMIT_MS = 30_000;
const RETRY_MS = 10;

export interface Launch {
  readonly name: string;
  readonly dir: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly sshLocalPort: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: QmpEvent) => void;
}

export interface Launched {
  readonly pid: number;
  readonly qmp: Qmp;
  readonly exited: Promise<VmExit>;
}

/**
 * QEMU in a session of its own: neither a closed terminal nor the host agent's death ends it. What it prints goes to a
 * file, because a pipe would break with its reader. Bun closes all other descriptors, a held lock's among them.
 */
async function spawn(launch: Launch, logPath: string): Promise<Bun.Subprocess> {
  const log = await open(logPath, "w", 0o644);
  try {
    return Bun.spawn([launch.program, ...launch.words], { detached: true, stdio: ["ignore", log.fd, log.fd], cwd: launch.dir });
  } finally {
    await log.close();
  }
}

async function firstGreeting(launch: Launch, child: Bun.Subprocess): Promise<Qmp | undefined> {
  const deadline = performance.now() + GREETING_LIMIT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    launch.signal.throwIfAborted();
    const left = deadline - performance.now();
    try {
      return await connectMonitor(launch.dir, { timeoutMs: Math.max(1, left), onEvent: launch.onEvent });
    } catch (error) {
      const early = isNotListening(error) || (error instanceof QmpError && error.errorClass === "Closed");
      if (!early || left <= 0) {
        throw new LimaError("QEMU_SILENT", `cannot start instance "${launch.name}": QEMU runs but does not answer`, { hint: `see ${join(launch.dir, FILES.qemuLog)}`, cause: error });
      }
    }
    await Bun.sleep(RETRY_MS);
  }
  return undefined;
}

/**
 * Starts QEMU and waits until its monitor answers. Throws LimaError when QEMU ends before: `SSH_PORT_TAKEN`,
 * `DISK_IN_USE` and so on, else `QEMU_FAILED` with its last words. When anything fails, or the signal aborts, no QEMU is left.
 */
export async function launchQemu(ctx: Context, launch: Launch): Promise<Launched> {
  const logPath = join(launch.dir, FILES.qemuLog);
  const child = await spawn(launch, logPath);
  const exited = child.exited.then(async (): Promise<VmExit> => ({
    ...(child.exitCode === null ? {} : { code: child.exitCode }),
    ...(child.signalCode === null ? {} : { signal: String(child.signalCode) }),
    stderr: await readTail(logPath),
  }));
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => {
    child.kill("SIGKILL");
    await child.exited;
  });
  const qmp = await firstGreeting(launch, child);
  if (qmp === undefined) {
    const { code, signal, stderr } = await exited;
    throw translateLastWords(stderr, {
      instance: launch.name,
      sshLocalPort: launch.sshLocalPort,
      portOwner: () => tcpPortOwner(launch.sshLocalPort),
      ending: signal === undefined ? `status ${code}` : `signal ${signal}`,
      logPath,
    });
  }
  ctx.log.debug("QEMU runs", { pid: child.pid });
  undo.move();
  // From here on its end is welcome news, but nothing to stay alive for.
  child.unref();
  return { pid: child.pid, qmp, exited };
}
