import { constants, openSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { PortWriter } from "./channel.ts";
import { PortWatcher } from "./ports.ts";
import { Conversation } from "./serve.ts";
import type { ThreadMessage, ThreadSetup } from "./thread.ts";

/**
 * Talks to the host over a virtio port until the process is ended.
 *
 * @param port name of the port; the device can be opened once, stays open, and outlives any number of hosts
 * @param tickMs milliseconds between two looks at the listening ports
 * @param version what the host is told
 */
export function startDaemon(port: string, tickMs: number, version: string): void {
  const fd = openSync(`/dev/virtio-ports/${port}`, constants.O_RDWR | constants.O_NONBLOCK);
  const watcher = new PortWatcher();
  const conversation = new Conversation({
    version,
    watchPorts: (onChange) => watcher.restart(onChange),
    stopWatching: () => watcher.stop(),
    write: (bytes) => writer.write(bytes),
  });
  const writer = new PortWriter(fd, () => conversation.lost());

  // The same program again; main.ts tells by the thread which part to play.
  const thread = new Worker(Bun.main, { workerData: { fd, tickMs } satisfies ThreadSetup });
  thread.on("message", (message: ThreadMessage) => {
    switch (message.kind) {
      case "data":
        conversation.receive(message.bytes);
        break;
      case "closed":
        writer.drop();
        conversation.lost();
        break;
      case "ports":
        watcher.update(message.ports);
        break;
    }
  });
  thread.on("error", (error) => {
    throw new Error("the reading thread failed", { cause: error });
  });
}
