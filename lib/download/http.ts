import { codeOf, LimaError, messageOf } from "../base/errors.ts";
import { portOf, proxyFor } from "./proxy.ts";

/** Time limits of a request, in milliseconds; tests shorten them. */
export interface Limits {
  /** No answer for this long: look whether the host can be reached at all. */
  readonly patience: number;
  /** How long that look may take. A host that cannot be reached fails after `patience` + `connect`. */
  readonly connect: number;
  /** No byte for this long: the connection is given up (and tried again). */
  readonly stall: number;
  /** First pause before another try; doubles each time. */
  readonly backoff: number;
}

export const LIMITS: Limits = { patience: 3_000, connect: 3_000, stall: 30_000, backoff: 500 };

export interface RequestContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly limits: Limits;
}

/** A failure that another try may cure. */
export class TransientError extends Error {
  override readonly name = "TransientError";
  /** There is nobody to talk to: a reason to give up at once, unless this host has just answered. */
  readonly unreachable: boolean;

  constructor(message: string, options: { readonly unreachable?: boolean; readonly cause?: unknown } = {}) {
    super(message, options);
    this.unreachable = options.unreachable ?? false;
  }
}

/** A response whose body is given up when it stalls; `alive` is called for each chunk read. */
export interface Reply {
  readonly response: Response;
  readonly alive: () => void;
  /** Ends the request, whatever is left of it. */
  readonly close: () => void;
  /** What to report for an error of reading the body: the stall or the user's abort rather than the broken pipe. */
  readonly explain: (error: unknown) => unknown;
}

/**
 * Sends a request for exactly the stored bytes (no content coding) and waits for the header. Throws TransientError for
 * what may pass, LimaError `DOWNLOAD_FAILED` for what will not (a bad certificate), and the signal's reason when
 * aborted. The caller must call `close`.
 */
export async function request(ctx: RequestContext, url: URL, method: "GET" | "HEAD", headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const controller = new AbortController();
  const proxy = proxyFor(url, ctx.env);
  let answered = false;
  const stall = setTimeout(() => controller.abort(new TransientError(`no data for ${ctx.limits.stall / 1000} seconds`, { unreachable: !answered })), ctx.limits.stall);
  const patience = setTimeout(() => {
    void answers(proxy === undefined ? url : new URL(proxy), ctx.limits.connect).then((yes) => yes || controller.abort(new TransientError("no connection", { unreachable: true })));
  }, ctx.limits.patience);
  const reply = {
    alive: (): void => void stall.refresh(),
    close: (): void => {
      clearTimeout(stall);
      clearTimeout(patience);
      controller.abort();
    },
    explain: (error: unknown): unknown => (ctx.signal.aborted ? ctx.signal.reason : controller.signal.aborted ? controller.signal.reason : translate(url, error)),
  };
  try {
    const response = await fetch(url, {
      method,
      headers: { "accept-encoding": "identity", ...headers },
      // The digest is of the bytes as served: a `.gz` that a server calls "content-encoding: gzip" must stay one.
      decompress: false,
      signal: AbortSignal.any([ctx.signal, controller.signal]),
      ...(proxy === undefined ? {} : { proxy }),
    });
    answered = true;
    clearTimeout(patience);
    return { response, ...reply };
  } catch (error) {
    const reason = reply.explain(error);
    reply.close();
    throw reason;
  }
}

export function failed(url: URL, reason: string, cause?: unknown): LimaError {
  return new LimaError("DOWNLOAD_FAILED", `cannot download "${shown(url)}": ${reason}`, cause === undefined ? {} : { cause });
}

/** LimaError `HTTP_STATUS`: the server answered, but not with the file. */
export function refused(url: URL, response: Response): LimaError {
  return new LimaError("HTTP_STATUS", `cannot download "${shown(url)}": ${statusText(response)}`);
}

export function statusText(response: Response): string {
  return `HTTP status ${response.status} ${response.statusText}`.trimEnd();
}

/** The URL without a password in it. */
export function shown(url: URL): string {
  if (url.password === "") return url.href;
  const copy = new URL(url);
  copy.password = "xxxxx";
  return copy.href;
}

/** Bun reports system errors by their names, and certificate problems by OpenSSL's. */
function translate(url: URL, error: unknown): Error {
  const code = codeOf(error) ?? "";
  if (/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|DNS)/.test(code)) return new TransientError(`host "${url.hostname}" not found`, { unreachable: true, cause: error });
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|FailedToOpenSocket)$/.test(code)) return new TransientError(`no connection (${code})`, { unreachable: true, cause: error });
  if (/CERT|SIGNATURE|ISSUER|TLS|SSL/.test(code)) return failed(url, `the server's certificate is not accepted (${code})`, error);
  if (code === "TooManyRedirects" || code === "UnsupportedProxyProtocol" || code === "RedirectURLInvalid") return failed(url, messageOf(error), error);
  return new TransientError(code === "" ? messageOf(error) : `connection broken (${code})`, { cause: error });
}

/** Whether something accepts connections where the URL points to. */
async function answers(url: URL, timeoutMs: number): Promise<boolean> {
  const nothing = { data: (): void => {}, connectError: (): void => {} };
  const connected = Bun.connect({ hostname: url.hostname, port: Number(portOf(url)), socket: nothing }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );
  return Promise.race([connected, Bun.sleep(timeoutMs).then(() => false)]);
}
