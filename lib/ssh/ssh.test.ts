import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optionsOfSshConfig, portOfSshConfig } from "./config-file.ts";
import { authorizedKeys, ensureIdentity } from "./identity.ts";
import { sshCommand } from "./openssh.ts";
import { sshConfigText, sshOptions } from "./options.ts";

let dir: string;
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), "lima-ssh-")); });
afterEach(() => rmSync(dir, { recursive: true }));

test.each([
  [undefined, ["ssh"]],
  ["", ["ssh"]],
  ["/opt/ssh -v", ["/opt/ssh", "-v"]],
  [`"/opt/my ssh" -o 'ProxyCommand=a b' x"y"z`, ["/opt/my ssh", "-o", "ProxyCommand=a b", "xyz"]],
])("sshCommand() of SSH=%j", (value, words) => {
  expect(sshCommand({ SSH: value })).toEqual(words);
});

test("ensureIdentity() makes one key pair, however many ask at once", async () => {
  const [first, second] = await Promise.all([ensureIdentity(dir), ensureIdentity(dir)]);
  expect(second).toEqual(first);
  const key = readFileSync(first.privateKey, "utf8");
  expect(key).toStartWith("-----BEGIN OPENSSH PRIVATE KEY-----");
  expect(statSync(first.privateKey).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, "_config")).mode & 0o777).toBe(0o700);
  await ensureIdentity(dir);
  expect(readFileSync(first.privateKey, "utf8")).toBe(key);
});

test("authorizedKeys() takes the user's own keys only when told, and only real ones", async () => {
  const { publicKey } = await ensureIdentity(dir);
  const own = readFileSync(publicKey, "utf8").trim();
  mkdirSync(join(dir, ".ssh"));
  writeFileSync(join(dir, ".ssh", "id.pub"), `${own} me@host\n`);
  writeFileSync(join(dir, ".ssh", "two.pub"), `${own}\n${own}\n`);
  writeFileSync(join(dir, ".ssh", "note.pub"), "hello world\n");
  expect(await authorizedKeys(dir, dir, false)).toEqual([own]);
  expect(await authorizedKeys(dir, dir, true)).toEqual([own, `${own} me@host`]);
});

const input = (extra = {}) => ({ home: dir, dir: join(dir, "i"), cacheDir: join(dir, "c"), user: "u", loadDotSSHPubKeys: false, forwardAgent: false, env: {}, ...extra });

test("sshOptions() come in the documented order, and a line break in one is refused", async () => {
  const options = await sshOptions(input({ forwardAgent: true }));
  expect(options.map((o) => o.split("=")[0])).toEqual([
    "IdentityFile", "StrictHostKeyChecking", "UserKnownHostsFile", "NoHostAuthenticationForLocalhost", "PreferredAuthentications", "Compression", "BatchMode", "IdentitiesOnly",
    "User", "ControlMaster", "ControlPath", "ControlPersist", "ForwardAgent",
  ]);
  expect(sshOptions(input({ user: "u\nProxyCommand evil" }))).rejects.toThrow("line break");
});

test("ssh.config says the same again when it is read", async () => {
  const options = await sshOptions(input());
  const text = sshConfigText(options, "i", "lima-i", 60_022);
  expect(text.split("\n")).toContain("Host lima-i");
  expect(portOfSshConfig(text)).toBe(60_022);
  expect(optionsOfSshConfig(text)).toEqual(options);
  expect(portOfSshConfig("Host x\n  Port 99999\n")).toBeUndefined();
  expect(portOfSshConfig("")).toBeUndefined();
});
