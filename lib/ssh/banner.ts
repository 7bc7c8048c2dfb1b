import { connect } from "node:net";

/**
 * True when an ssh server greets on 127.0.0.1:port within `timeoutMs`. QEMU's port forward accepts long before the
 * guest listens, so only the greeting proves anything; asking costs the guest next to nothing, a login a second of CPU.
 */
export function sshBanner(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.on("data", (data: Buffer) => finish(data.toString("latin1").startsWith("SSH-")));
    socket.on("error", () => finish(false));
    socket.on("close", () => finish(false));
  });
}
