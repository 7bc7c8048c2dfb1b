import * as z from "zod/mini";
import { flag, integer, list, map, optionalMap, size, text, textMap } from "./fields.ts";

const file = { location: text(), arch: text(), digest: text() };

/** Every field this version acts on, as the user writes it: the one declaration of lima.yaml. */
export const configInput = map({
  minimumLimaVersion: text(),
  vmType: text(),
  os: text(),
  arch: text(),
  images: list(map({ ...file, kernel: optionalMap({ ...file, cmdline: text() }), initrd: optionalMap(file), variant: text(), archVariant: text() })),
  cpus: integer(),
  memory: size(),
  disk: size(),
  timezone: text(),
  plain: flag(),
  upgradePackages: flag(),
  guestInstallPrefix: text(),
  message: text(),
  propagateProxyEnv: flag(),
  user: optionalMap({ name: text(), comment: text(), home: text(), shell: text(), uid: integer(), gid: integer() }),
  ssh: optionalMap({ localPort: integer(), loadDotSSHPubKeys: flag(), forwardAgent: flag() }),
  firmware: optionalMap({ legacyBIOS: flag() }),
  video: optionalMap({ display: text(), vnc: optionalMap({ display: text() }) }),
  provision: list(
    map({ mode: text(), script: text(), skipDefaultDependencyResolution: flag(), content: text(), path: text(), owner: text(), permissions: text(), overwrite: flag() }),
  ),
  probes: list(map({ mode: text(), description: text(), script: text(), hint: text() })),
  env: textMap(),
  param: textMap(),
  dns: list(text()),
  caCerts: optionalMap({ removeDefaults: flag(), files: list(text()), certs: list(text()) }),
  vmOpts: optionalMap({ qemu: optionalMap({ minimumVersion: text(), cpuType: textMap() }) }),
  /** Deprecated spelling of vmOpts.qemu.cpuType. */
  cpuType: textMap(),
});

export type ConfigInput = z.output<typeof configInput>;
export type FileInput = { readonly location?: string | undefined; readonly arch?: string | undefined; readonly digest?: string | undefined };
export type ImageInput = NonNullable<ConfigInput["images"]>[number];
export type ProvisionInput = NonNullable<ConfigInput["provision"]>[number];
export type ProbeInput = NonNullable<ConfigInput["probes"]>[number];
