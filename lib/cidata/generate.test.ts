import { expect, test } from "bun:test";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import type { Config, Provision } from "../config/schema.ts";
import { composeYaml } from "../config/yaml.ts";
import { type Cidata, type CidataInput, generateCidata } from "./generate.ts";
import { limaEnv, paramEnv } from "./lima-env.ts";

const provision = (mode: Provision["mode"], more: Partial<Provision> = {}): Provision => ({ mode, script: `#!/bin/sh\necho ${mode}\n`, skipDefaultDependencyResolution: false, ...more });

function config(more: Partial<Config> = {}): Config {
  return {
    vmType: "qemu", os: "Linux", arch: "x86_64", images: [], cpus: 2, memory: 2 ** 31, disk: 2 ** 33, timezone: "Europe/Berlin", plain: false,
    upgradePackages: false, guestInstallPrefix: "/usr/local", message: "", propagateProxyEnv: true,
    user: { name: "u", comment: "Full\tName: it's \"x\"", home: "/home/u.guest", shell: "/bin/bash", uid: 501, gid: 20 },
    ssh: { localPort: 0, loadDotSSHPubKeys: false, forwardAgent: false }, firmware: { legacyBIOS: false }, video: { display: "none", vnc: { display: "" } },
    provision: [], probes: [], env: {}, param: {}, dns: [], caCerts: { removeDefaults: false, files: [], certs: [] }, vmOpts: { qemu: { cpuType: {} } },
    ...more,
  };
}

function input(dir: string, more: Partial<CidataInput> = {}): CidataInput {
  return {
    name: "n", dir, config: config(), hostname: "lima-n", authorizedKeys: ["ssh-ed25519 AAAA x"], guestAgent: undefined, debug: false,
    slirp: { gateway: "192.168.5.2", dns: "192.168.5.3", guest: "192.168.5.15" }, dnsPorts: { udp: 0, tcp: 0 }, macAddress: "52:55:55:00:00:01",
    vmType: "qemu", virtioPort: "agent.port", bootPort: "boot.port", proxyEnv: {}, ...more,
  };
}

interface Made {
  readonly dir: string;
  readonly result: Cidata;
  /** user-data as cloud-init will see it. */
  readonly userData: Readonly<Record<string, unknown>>;
}

async function made(more: Partial<CidataInput>, check: (made: Made) => unknown): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "cidata-"));
  try {
    const result = await generateCidata(input(dir, more));
    const text = await readFile(join(dir, "cloud-config.yaml"), "utf8");
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    await check({ dir, result, userData: composeYaml(text, "user-data").document.toJS() as Record<string, unknown> });
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("the user is made with the host's ids, the key, and no password", () => made({}, ({ userData }) => {
  expect(userData["users"]).toEqual([{
    name: "u", uid: 501, gecos: "FullName  it's \"x\"", homedir: "/home/u.guest", shell: "/bin/bash", primary_group: "u",
    sudo: "ALL=(ALL) NOPASSWD:ALL", lock_passwd: true, ssh_authorized_keys: ["ssh-ed25519 AAAA x"],
  }]);
  expect((userData["bootcmd"] as string[][])[0]?.slice(3, 7)).toEqual(["lima-setup", "u", "20", "boot.port"]);
}));

test("what is not asked for is not in user-data", () => made({ config: config({ timezone: "" }) }, ({ userData }) => {
  for (const key of ["timezone", "package_update", "ca_certs"]) expect(userData).not.toContainKey(key);
  expect((userData["bootcmd"] as string[][]).length).toBe(1);
}));

test("packages are upgraded, certificates trusted, name servers set when asked for", () => made(
  { config: config({ upgradePackages: true, dns: ["1.1.1.1"], caCerts: { removeDefaults: true, files: [], certs: ["-----BEGIN\n  x \n\n-----END\n", "\n"] } }) },
  ({ userData }) => {
    expect(userData).toMatchObject({ package_update: true, package_upgrade: true, package_reboot_if_required: true, resolv_conf: { nameservers: ["1.1.1.1"] } });
    expect(userData["ca_certs"]).toEqual({ remove_defaults: true, trusted: ["-----BEGIN\nx\n-----END"] });
  },
));

test("provisions are numbered over all modes; those of mode boot go into user-data", () => made(
  { config: config({ param: { A: "1 2" }, provision: [provision("system"), provision("boot"), provision("data", { content: "c", path: "/etc/x" }), provision("user"), provision("dependency")] }) },
  ({ result, userData }) => {
    expect(result.files.filter((f) => f.startsWith("provision."))).toEqual(["provision.system/00000000", "provision.data/00000002", "provision.user/00000003", "provision.dependency/00000004"]);
    expect((userData["bootcmd"] as string[][])[1]?.slice(3)).toEqual(["lima-provision", "00000001", "PARAM_A=1 2\n", "#!/bin/sh\necho boot\n"]);
  },
));

test("the image has all files of the documented list, with short names", () => made({}, async ({ result, dir }) => {
  for (const name of ["user-data", "meta-data", "network-config", "lima.env", "param.env", "etc_environment", "boot.sh", "util/report.sh"]) expect(result.files).toContain(name);
  expect(result.files.filter((f) => f.startsWith("boot.Linux/")).length).toBeGreaterThan(3);
  expect(result.files).not.toContain("lima-guestagent");
  expect((await stat(join(dir, "cloud-config.yaml"))).mode & 0o777).toBe(0o444);
}));

test("the instance id follows the inputs of cloud-init, nothing else", () => made({}, async ({ dir, result }) => {
  expect(result.changed).toBe(true);
  const again = await generateCidata(input(dir, { debug: true, config: config({ env: { A: "b" }, provision: [provision("system")] }) }));
  expect([again.instanceId, again.changed]).toEqual([result.instanceId, false]);
  const renamed = await generateCidata(input(dir, { hostname: "lima-m" }));
  expect(renamed.changed).toBe(true);
}));

test("agent and archive are taken from the host's files; a certificate file that is missing is an error of its own", () => made({}, async ({ dir }) => {
  await writeFile(join(dir, "bin"), "agent");
  const { files } = await generateCidata(input(dir, { guestAgent: join(dir, "bin"), nerdctlArchive: join(dir, "bin") }));
  expect(files.slice(-2)).toEqual(["lima-guestagent", "nerdctl-full.tgz"]);
  const missing = config({ caCerts: { removeDefaults: false, files: [join(dir, "no.pem")], certs: [] } });
  const failure = await generateCidata(input(dir, { config: missing })).then(() => "", messageOf);
  expect(failure).toMatch(/^cannot read the CA certificates in ".*no\.pem"/);
}));

test("lima.env has a variable for everything the scripts may ask for", () => {
  const text = limaEnv(input("/d", { config: config({ plain: true, provision: [provision("boot"), provision("data", { path: "/etc/x", overwrite: false })] }) }), "iid-7");
  const env = new Map(text.trimEnd().split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  const expected = {
    DEBUG: "false", IID: "iid-7", NAME: "n", USER: "u", UID: "501", GID: "20", COMMENT: "FullName: it's \"x\"", HOME: "/home/u.guest", SHELL: "/bin/bash",
    HOSTHOME_MOUNTPOINT: "", MOUNTS: "0", MOUNTTYPE: "", DISKS: "0", GUEST_INSTALL_PREFIX: "/usr/local", UPGRADE_PACKAGES: "", CONTAINERD_USER: "", CONTAINERD_SYSTEM: "",
    SKIP_DEFAULT_DEPENDENCY_RESOLUTION: "", PLAIN: "1", NO_CLOUD_INIT: "", PASSWORDLESS_SUDO: "1", SLIRP_GATEWAY: "192.168.5.2", SLIRP_DNS: "192.168.5.3",
    SLIRP_IP_ADDRESS: "192.168.5.15", UDP_DNS_LOCAL_PORT: "0", TCP_DNS_LOCAL_PORT: "0", ROSETTA_ENABLED: "false", ROSETTA_BINFMT: "false", VMTYPE: "qemu",
    VSOCK_PORT: "0", VIRTIO_PORT: "agent.port", BOOT_PORT: "boot.port", MAC_ADDRESS: "52:55:55:00:00:01", CLOUD_INIT_EACH_BOOT: "1",
    DATAFILE_00000001_PATH: "/etc/x", DATAFILE_00000001_OWNER: "root:root", DATAFILE_00000001_PERMISSIONS: "644", DATAFILE_00000001_OVERWRITE: "false",
  };
  expect(Object.fromEntries(env)).toEqual(Object.fromEntries(Object.entries(expected).map(([k, v]) => [`LIMA_CIDATA_${k}`, v])));
});

test("values with line breaks do not get into line-based files", () => {
  expect(() => paramEnv(config({ param: { A: "b\nc" } }))).toThrow('cannot pass parameter "A" to the guest: its value has more than one line');
});
