import type { Context } from "../../../lib/base/context.ts";
import { messageOf } from "../../../lib/base/errors.ts";
import { freeBytes } from "../../../lib/host/files.ts";
import { QmpError, type Qmp, type QmpEvent } from "../qmp/client.ts";

/** Room that must be free again before a guest that ran out of it goes on. */
const ROOM_BYTES = 256 * 2 ** 20;
const LOOK_AGAIN_MS = 5_000;

/**
 * Listens to QEMU: a full disk of the host is told once and the guest goes on when there is room again; a CPU that the
 * accelerator could not go on with ends QEMU, because nothing else would; the rest goes to the debug log.
 */
export class VmEvents {
  readonly #ctx: Context;
  readonly #dir: string;
  #qmp: Qmp | undefined;
  #waitingForRoom = false;

  constructor(ctx: Context, dir: string) {
    this.#ctx = ctx;
    this.#dir = dir;
  }

  /** Give the connection once it is there, and the state it found QEMU in is looked at. */
  async watch(qmp: Qmp): Promise<void> {
    this.#qmp = qmp;
    await this.#look();
  }

  readonly onEvent = ({ name, data }: QmpEvent): void => {
    this.#ctx.log.debug(`QEMU event ${name}`, data);
    if (name === "BLOCK_IO_ERROR") this.#ioError(data);
    else if (name === "STOP") this.#look().catch((error: unknown) => this.#ctx.log.debug("cannot ask QEMU for its state", { error: messageOf(error) }));
  };

  async #look(): Promise<void> {
    const status = await this.#qmp?.command("query-status");
    if (status?.status === "io-error") this.#waitForRoom();
    if (status?.status !== "internal-error") return;
    this.#ctx.log.error("the guest's CPU cannot go on: the accelerator failed (QEMU's state is internal-error)");
    await this.#qmp?.command("quit");
  }

  #ioError(data: Readonly<Record<string, unknown>>): void {
    if (data["action"] !== "stop") {
      this.#ctx.log.warn("the guest's disk has an input/output error", { operation: data["operation"], reason: data["reason"] });
      return;
    }
    this.#waitForRoom();
  }

  #waitForRoom(): void {
    if (this.#waitingForRoom) return;
    this.#waitingForRoom = true;
    this.#ctx.log.error(`the host's disk is full: the guest is paused until there is room again in "${this.#dir}"`);
    const timer = setInterval(() => {
      this.#tryAgain().then((done) => {
        if (done) clearInterval(timer);
      }, (error: unknown) => this.#ctx.log.debug("cannot resume the guest", { error: messageOf(error) }));
    }, LOOK_AGAIN_MS);
    timer.unref();
  }

  /** True when there is nothing to wait for any more. */
  async #tryAgain(): Promise<boolean> {
    const qmp = this.#qmp;
    if (qmp?.isOpen !== true) return true;
    if ((await freeBytes(this.#dir)) < ROOM_BYTES) return false;
    this.#waitingForRoom = false;
    try {
      await qmp.command("cont");
      this.#ctx.log.info("there is room on the host's disk again: the guest goes on");
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
    }
    return true;
  }
}
