import type { CidataInput } from "./input.ts";

/** Name servers of the guest: the configured ones, else the user network's own. */
export function nameservers({ config, slirp }: CidataInput): readonly string[] {
  return config.dns.length > 0 ? config.dns : [slirp.dns];
}

/** network-config, version 2 (https://docs.cloud-init.io/en/latest/reference/network-config-format-v2.html). */
export function networkConfig(input: CidataInput): unknown {
  return {
    version: 2,
    ethernets: {
      eth0: {
        match: { macaddress: input.macAddress },
        "set-name": "eth0",
        dhcp4: true,
        // Further networks (metric 100) are preferred for the way out.
        "dhcp4-overrides": { "route-metric": 200 },
        // Not a DUID: a cloned guest would ask with the same one.
        "dhcp-identifier": "mac",
        nameservers: { addresses: nameservers(input) },
      },
    },
  };
}
