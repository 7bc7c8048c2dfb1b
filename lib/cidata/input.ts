import type { Config } from "../config/schema.ts";

/** What goes into an instance's seed image. */
export interface CidataInput {
  readonly name: string;
  /** The instance directory, absolute. */
  readonly dir: string;
  readonly config: Config;
  readonly hostname: string;
  /** Public keys that may log in, one line each. */
  readonly authorizedKeys: readonly string[];
  /** Path of the uncompressed agent binary; undefined in plain mode. */
  readonly guestAgent: string | undefined;
  /** Path of the nerdctl-full archive, where containerd is wanted. */
  readonly nerdctlArchive?: string;
  readonly debug: boolean;
  /** Addresses on the user network: the host, its DNS server, the guest. */
  readonly slirp: { readonly gateway: string; readonly dns: string; readonly guest: string };
  /** Ports of the host agent's DNS server on the host, 0 where there is none. */
  readonly dnsPorts: { readonly udp: number; readonly tcp: number };
  /** Of the first network card. */
  readonly macAddress: string;
  readonly vmType: string;
  /** Names of the virtio ports for the guest agent and for boot progress; empty: none. */
  readonly virtioPort: string;
  readonly bootPort: string;
  /** Proxy variables of the host process. */
  readonly proxyEnv: Readonly<Record<string, string>>;
}

/** Volume id of the image, as cloud-init's NoCloud looks for it. */
export const CIDATA_LABEL = "cidata";

/** Name in the image of what `input.nerdctlArchive` points to. */
export const NERDCTL_ARCHIVE = "nerdctl-full.tgz";

/** Provision scripts are numbered by their place in the list of all modes. */
export function provisionIndex(index: number): string {
  return String(index).padStart(8, "0");
}
