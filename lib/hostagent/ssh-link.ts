import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { exec } from "../base/exec.ts";
import { messageOf } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { SshError, SshSession, type SshFailure, type SshTarget } from "../ssh/client.ts";
import { sshCommand } from "../ssh/openssh.ts";
import { FILES } from "../store/filenames.ts";

/** What OpenSSH says during a login; gone right after it. */
const LOGIN_LOG = "ssh-login.log.tmp";

export interface SshLinkOptions {
  /** Instance directory. */
  readonly dir: string;
  readonly target: SshTarget;
  /** `KEY=VALUE` options of OpenSSH, control socket included. */
  readonly options: readonly string[];
  /** OpenSSH exists on this host: then a master is kept for `lima shell`. */
  readonly openSsh: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

/** How a login attempt ended; undefined is success. */
export type LoginFailure = { readonly failure: SshFailure; readonly message: string };

/**
 * The host agent's way into the guest: an OpenSSH master that `lima shell` multiplexes over, and a session of the
 * built-in client for forwarded ports, opened on first use and again after it broke.
 */
export class SshLink {
  readonly #options: SshLinkOptions;
  #session: Promise<SshSession> | undefined;
  #closed = false;

  constructor(options: SshLinkOptions) {
    this.#options = options;
  }

  /** Words of an OpenSSH command up to and including the address. */
  #ssh(...extra: string[]): string[] {
    const { options, target, env } = this.#options;
    return [...sshCommand(env), "-F", "/dev/null", ...options.flatMap((o) => ["-o", o]), ...extra, "-p", String(target.port), "127.0.0.1"];
  }

  /** Logs in once, for real; with OpenSSH this starts the master. Undefined when it worked. */
  async login(timeoutMs: number): Promise<LoginFailure | undefined> {
    const { openSsh, env } = this.#options;
    if (!openSsh) {
      try {
        await this.#connect(timeoutMs);
        return undefined;
      } catch (error) {
        return { failure: error instanceof SshError ? error.failure : "other", message: messageOf(error) };
      }
    }
    if (await this.#masterAlive()) return undefined;
    // -f goes to the background once it has authenticated, and keeps what it has open: no pipe of ours may be among that.
    const log = `${this.#options.dir}/${LOGIN_LOG}`;
    try {
      const command = this.#ssh("-f", "-N", "-E", log, "-o", "LogLevel=ERROR", "-o", `ConnectTimeout=${Math.ceil(timeoutMs / 1000)}`);
      const { exitCode } = await exec(["sh", "-c", 'exec "$@" </dev/null >/dev/null 2>&1', "sh", ...command], { env, timeoutMs });
      if (exitCode === 0) return undefined;
      const words = await readFile(log, "utf8").catch(() => "");
      return { failure: opensshFailure(exitCode, words), message: words.trim().split("\n").at(-1) ?? "" };
    } finally {
      await rm(log, { force: true });
    }
  }

  /** Asks the OpenSSH master; false also when there is none. */
  async #control(command: "check" | "exit"): Promise<boolean> {
    const { exitCode } = await exec(this.#ssh("-O", command), { env: this.#options.env, timeoutMs: 5000 });
    return exitCode === 0;
  }

  /** A host agent that died may have left its master behind, which is as good as a new one. */
  async #masterAlive(): Promise<boolean> {
    return existsSync(`${this.#options.dir}/${FILES.sshSock}`) && (await this.#control("check"));
  }

  #connect(timeoutMs: number): Promise<SshSession> {
    if (this.#session) return this.#session;
    const session = SshSession.connect(this.#options.target, timeoutMs);
    this.#session = session;
    const forget = (): void => { if (this.#session === session) this.#session = undefined; };
    session.then((s) => s.closed.then(forget), forget);
    return session;
  }

  /** Runs a command in the guest over the built-in client. */
  async exec(command: string, input = ""): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const session = await this.#connect(20_000);
    return session.exec(command, input);
  }

  /** Opens the built-in session ahead of its first use. */
  async warm(): Promise<void> {
    try {
      await this.#connect(30_000);
    } catch (error) {
      this.#options.log.debug(`built-in ssh session: ${messageOf(error)}`);
    }
  }

  /** A byte stream to an address inside the guest. */
  async dial(ip: string, port: number): Promise<Duplex> {
    if (this.#closed) throw new SshError("closed", "cannot connect to the guest: the instance is stopping");
    const session = await this.#connect(20_000);
    return session.dial(ip, port);
  }

  /** Ends the session and the master. */
  async close(): Promise<void> {
    this.#closed = true;
    const session = await this.#session?.catch(() => undefined);
    session?.close();
    if (this.#options.openSsh && (await this.#masterAlive())) await this.#control("exit");
  }
}

function opensshFailure(exitCode: number, stderr: string): SshFailure {
  if (exitCode === 124 || /timed out/i.test(stderr)) return "timeout";
  if (/Permission denied/i.test(stderr)) return "auth";
  if (/Connection refused/i.test(stderr)) return "refused";
  if (/closed by|reset by|kex_exchange_identification|banner/i.test(stderr)) return "closed";
  return "other";
}
