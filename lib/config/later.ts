/**
 * Fields that the reference has and this version does not act on yet. They load, with one warning each where leaving
 * them out changes something. A field moves from here to input.ts in the moment it works.
 */

interface Later {
  /** Does leaving this value out change the machine? Default: {@link saysSomething}. */
  readonly effective?: (value: unknown) => boolean;
  /** `plain: true` switches it off anyway. */
  readonly plainOff?: boolean;
}

/** False for null, false, 0, "", and for lists and maps of nothing but those. */
export function saysSomething(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(saysSomething);
  return Boolean(value);
}

function part(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** Keys are paths with `[]` for any index. */
export const LATER: Readonly<Record<string, Later>> = {
  additionalDisks: { plainOff: true },
  mounts: { plainOff: true },
  mountType: { plainOff: true },
  // Met by doing nothing: it rules out kinds of mounts.
  mountTypesUnsupported: { effective: () => false },
  mountInotify: { plainOff: true },
  networks: {},
  portForwards: {},
  copyToHost: {},
  containerd: { effective: (value) => saysSomething(part(value, "system")) || saysSomething(part(value, "user")), plainOff: true },
  // `enabled` only chooses between two resolvers; names on the host resolve either way.
  hostResolver: { effective: (value) => saysSomething(part(value, "hosts")) || saysSomething(part(value, "ipv6")) },
  audio: { effective: (value) => saysSomething(part(value, "device")) && part(value, "device") !== "none" },
  rosetta: {},
  nestedVirtualization: {},
  tpm: {},
  osOpts: {},
  // Goes with `expression`, which is refused.
  "provision[].format": { effective: () => false },
  "user.passwordlessSudo": { effective: (value) => value === false },
  "ssh.forwardX11": {},
  "ssh.forwardX11Trusted": {},
  "ssh.overVsock": {},
  "firmware.images": {},
};

/** Why the file cannot be loaded by this version at all; dropping these would make another machine. */
export const LATER_FATAL: Readonly<Record<string, string>> = {
  base: "base templates are not supported by this version yet",
  "provision[].file": "scripts in files are not supported by this version yet, put the text under \"script\"",
  "provision[].expression": "yq edits are not supported by this version yet",
  "provision[].playbook": "ansible playbooks are not supported by this version yet",
  "probes[].file": "scripts in files are not supported by this version yet, put the text under \"script\"",
};

/** Maps with keys of any name, of which input.ts knows some: options for each driver. */
export const OPEN_MAPS: ReadonlySet<string> = new Set(["vmOpts"]);
