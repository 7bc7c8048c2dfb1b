import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Opens a byte stream to the guest listener; called once per host connection. */
export type Dial = () => Promise<Duplex>;

/**
 * One host TCP port that leads into the guest. Half-close passes through in both directions, a stalled reader stalls
 * the writer, and a refused or broken guest side resets the host side rather than ending it as if all had been sent.
 */
export class TcpForward {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens. Rejects with the system error (EADDRINUSE, EACCES) when it cannot. `onError` hears of failed connections. */
  static listen(ip: string, port: number, dial: Dial, onError: (error: unknown) => void): Promise<TcpForward> {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    const forward = new TcpForward(server);
    server.on("connection", (socket) => { void forward.#serve(socket, dial, onError); });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, ip, () => {
        server.off("error", reject);
        server.on("error", onError);
        resolve(forward);
      });
    });
  }

  async #serve(socket: Socket, dial: Dial, onError: (error: unknown) => void): Promise<void> {
    this.#open.add(socket);
    let guest: Duplex | undefined;
    socket.on("error", () => guest?.destroy());
    socket.on("close", () => {
      this.#open.delete(socket);
      // After both ends have finished this does nothing; after a reset it frees the guest side.
      guest?.destroy();
    });
    try {
      guest = await dial();
    } catch (error) {
      onError(error);
      socket.resetAndDestroy();
      return;
    }
    if (socket.destroyed) {
      guest.destroy();
      return;
    }
    let ended = false;
    guest.on("end", () => { ended = true; });
    guest.on("error", () => socket.resetAndDestroy());
    guest.on("close", () => { if (!ended) socket.resetAndDestroy(); });
    guest.pipe(socket);
    socket.pipe(guest);
  }

  /** Connections open now. */
  get connections(): number {
    return this.#open.size;
  }

  /** Stops listening and drops what is open. */
  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
