import { join } from "node:path";
import { stringifyYaml11 } from "../config/yaml.ts";
import { writeFileAtomic } from "../host/files.ts";
import { FILES } from "../store/filenames.ts";
import { bootScripts } from "../../guest/boot/embed.ts";
import { etcEnvironment, guestEnvironment } from "./etc-environment.ts";
import { type CidataInput, CIDATA_LABEL, NERDCTL_ARCHIVE, provisionIndex } from "./input.ts";
import { instanceIdFor } from "./instance-id.ts";
import { type IsoFile, writeIso } from "./iso9660.ts";
import { limaEnv, paramEnv } from "./lima-env.ts";
import { networkConfig } from "./network-config.ts";
import { userData } from "./user-data.ts";

export type { CidataInput } from "./input.ts";

export interface Cidata {
  readonly instanceId: string;
  /** cloud-init will see a new instance: the id is not that of the last call. */
  readonly changed: boolean;
  /** Names in the image. */
  readonly files: readonly string[];
  /** What the user should hear of, one line each. */
  readonly warnings: readonly string[];
}

/** Longest name of a file in the image; the format's limits are far, this one is documented. */
const MAX_NAME = 30;

const EXECUTABLE = 0o755;
const CARRIED_IN_USER_DATA = "cloud-init/";

function script(path: string): string {
  const text = bootScripts[path];
  if (text === undefined) throw new Error(`boot script ${path} is not embedded`);
  return text;
}

function bootFiles(): IsoFile[] {
  return Object.entries(bootScripts)
    .filter(([name]) => !name.startsWith(CARRIED_IN_USER_DATA))
    .map(([name, content]) => ({ name, content, mode: EXECUTABLE }));
}

/** One file a provision; those of mode `boot` are in user-data. */
function provisionFiles({ config }: CidataInput): IsoFile[] {
  return config.provision.flatMap((p, i) => {
    if (p.mode === "boot") return [];
    const name = `provision.${p.mode}/${provisionIndex(i)}`;
    return [p.mode === "data" ? { name, content: p.content ?? "" } : { name, content: p.script, mode: EXECUTABLE }];
  });
}

function checkNames(files: readonly IsoFile[]): void {
  for (const { name } of files) {
    if (name.slice(name.lastIndexOf("/") + 1).length > MAX_NAME) throw new Error(`"${name}" is too long for cidata.iso`);
  }
}

/**
 * Makes `cidata.iso` in the instance directory, replaced in one step, with everything a boot of the guest needs; beside
 * it `cloud-config.yaml`, its user-data for reference, and `instance-id.json`.
 *
 * Throws LimaError `CIDATA_VALUE` (a value that does not fit on a line), `CA_CERT_FILE` or `PROVISION_TOO_LARGE`,
 * and what the file system throws.
 */
export async function generateCidata(input: CidataInput): Promise<Cidata> {
  const scripts = { setup: script("cloud-init/setup.sh"), launch: script("cloud-init/launch.sh"), provision: script("cloud-init/provision.sh") };
  const userDataText = `#cloud-config\n${stringifyYaml11(await userData(input, scripts))}`;
  const networkText = stringifyYaml11(networkConfig(input));
  const environment = await guestEnvironment(input.config.env, input.config.propagateProxyEnv ? input.proxyEnv : {}, input.slirp.gateway);
  const { id, changed } = await instanceIdFor(input.dir, [userDataText, input.hostname, networkText], Date.now());

  const files: IsoFile[] = [
    { name: "user-data", content: userDataText },
    { name: "meta-data", content: stringifyYaml11({ "instance-id": id, "local-hostname": input.hostname }) },
    { name: "network-config", content: networkText },
    { name: "lima.env", content: limaEnv(input, id) },
    { name: "param.env", content: paramEnv(input.config) },
    { name: "etc_environment", content: etcEnvironment(environment.env) },
    ...bootFiles(),
    ...provisionFiles(input),
    ...(input.guestAgent === undefined ? [] : [{ name: "lima-guestagent", content: { path: input.guestAgent }, mode: EXECUTABLE }]),
    ...(input.nerdctlArchive === undefined ? [] : [{ name: NERDCTL_ARCHIVE, content: { path: input.nerdctlArchive } }]),
  ];
  checkNames(files);
  await writeFileAtomic(join(input.dir, FILES.cloudConfig), userDataText, 0o444);
  await writeIso(join(input.dir, FILES.cidata), CIDATA_LABEL, files);
  return { instanceId: id, changed, files: files.map((f) => f.name), warnings: environment.warnings };
}
