import { rmSync } from "node:fs";
import type { HostAgentInfo } from "../protocol/hostagent.ts";

/**
 * The HTTP API on ha.sock. Errors are `{"message": ...}`; the socket is only for this user (0600 in a 0700 directory).
 *
 * @param path socket to listen on; a stale one is replaced, which is safe because the caller holds the instance's lock
 */
export function serveApi(path: string, info: () => Promise<HostAgentInfo>): { stop(): void } {
  rmSync(path, { force: true });
  const before = process.umask(0o077);
  try {
    const server = Bun.serve({
      unix: path,
      routes: {
        "/v1/info": {
          GET: async () => Response.json(await info()),
        },
      },
      fetch: (request) => Response.json({ message: `no such resource: ${request.method} ${new URL(request.url).pathname}` }, { status: 404 }),
      error: (error) => Response.json({ message: error.message }, { status: 500 }),
    });
    return {
      stop: () => {
        void server.stop(true);
        rmSync(path, { force: true });
      },
    };
  } finally {
    process.umask(before);
  }
}
