import { readFile } from "node:fs/promises";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { LimaError, messageOf } from "../base/errors.ts";

export interface SshTarget {
  /** Port on 127.0.0.1. */
  readonly port: number;
  readonly user: string;
  /** Path of the private key. */
  readonly identityFile: string;
}

/** Ciphers Bun's crypto has; it lacks chacha20-poly1305, which ssh2 would offer first and then fail. */
const CIPHERS = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"] as const;

/** Why an attempt to log in failed, in the terms the boot diagnosis works with. */
export type SshFailure = "refused" | "timeout" | "closed" | "auth" | "other";

export class SshError extends LimaError {
  readonly failure: SshFailure;
  constructor(failure: SshFailure, message: string, cause?: unknown) {
    super("SSH_FAILED", message, cause === undefined ? {} : { cause });
    this.failure = failure;
  }
}

function failureOf(error: Error & { level?: string; code?: string }): SshFailure {
  if (error.level === "client-authentication") return "auth";
  if (error.level === "client-timeout" || error.code === "ETIMEDOUT") return "timeout";
  if (error.code === "ECONNREFUSED") return "refused";
  if (error.code === "ECONNRESET" || error.code === "EPIPE" || /before handshake|closed|ended/i.test(error.message)) return "closed";
  return "other";
}

/** One authenticated connection to a guest's sshd, multiplexing commands and forwards. */
export class SshSession {
  readonly #client: Client;
  /** Resolves when the connection is over, for whatever reason. Never rejects. */
  readonly closed: Promise<void>;

  private constructor(client: Client, closed: Promise<void>) {
    this.#client = client;
    this.closed = closed;
  }

  /** Logs in. `timeoutMs` bounds the whole handshake: QEMU accepts before the guest listens, and then says nothing. */
  static async connect(target: SshTarget, timeoutMs: number): Promise<SshSession> {
    const privateKey = await readFile(target.identityFile);
    const client = new Client();
    const closed = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    client.on("ready", () => ready.resolve());
    // Errors after `ready` arrive here too and are followed by `close`.
    client.on("error", (error) => ready.reject(new SshError(failureOf(error), `cannot log in to the guest over ssh on port ${target.port}: ${messageOf(error)}`, error)));
    client.on("close", () => {
      ready.reject(new SshError("closed", `cannot log in to the guest over ssh on port ${target.port}: connection closed`));
      closed.resolve();
    });
    const config: ConnectConfig = {
      host: "127.0.0.1",
      port: target.port,
      username: target.user,
      privateKey,
      readyTimeout: timeoutMs,
      keepaliveInterval: 30_000,
      keepaliveCountMax: 4,
      algorithms: { cipher: [...CIPHERS] },
    };
    try {
      client.connect(config);
      await ready.promise;
    } catch (error) {
      client.destroy();
      throw error;
    }
    return new SshSession(client, closed.promise);
  }

  /** Runs a command to its end. A non-zero exit is a result. `input` goes to its stdin. */
  exec(command: string, input = ""): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, channel) => {
        if (error) return reject(new SshError("other", `cannot run a command in the guest: ${messageOf(error)}`, error));
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        let exitCode = 255;
        channel.on("data", (d: Buffer) => out.push(d));
        channel.stderr.on("data", (d: Buffer) => err.push(d));
        channel.on("exit", (code: number | null) => { exitCode = code ?? 255; });
        channel.on("close", () => resolve({ exitCode, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
        channel.end(input);
      });
    });
  }

  /** Opens a byte stream to an address as seen from the guest. */
  dial(ip: string, port: number): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut("127.0.0.1", 0, ip, port, (error, channel) => {
        if (error) reject(new SshError("other", `cannot connect to ${ip} port ${port} in the guest: ${messageOf(error)}`, error));
        else resolve(channel);
      });
    });
  }

  /** Starts a command, on a terminal or not, for {@link runInteractive}. */
  open(command: string, terminal: { term: string; rows: number; cols: number } | undefined): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, terminal ? { pty: terminal } : {}, (error, channel) => (error ? reject(new SshError("other", `cannot run a command in the guest: ${messageOf(error)}`, error)) : resolve(channel)));
    });
  }

  close(): void {
    this.#client.end();
  }
}
