import { socketPath } from "../host/sockets.ts";
import type { HostAgentInfo } from "../protocol/hostagent.ts";
import { FILES } from "../store/filenames.ts";

const ANSWER_MS = 3000;

/** Asks a host agent what it is doing; undefined when it does not answer: it has only just begun, or is about to end. */
export async function agentState(dir: string): Promise<HostAgentInfo["state"] | undefined> {
  try {
    const response = await fetch("http://localhost/v1/info", { unix: socketPath(dir, FILES.hostAgentSock), signal: AbortSignal.timeout(ANSWER_MS) });
    const { state } = (await response.json()) as Partial<HostAgentInfo>;
    return state;
  } catch {
    return undefined;
  }
}
