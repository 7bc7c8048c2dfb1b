import { afterEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findMirror, parseDeb822, parseOneLine } from "./mirror.ts";

let etc = "";
afterEach(() => rmSync(etc, { recursive: true, force: true }));

function host(files: Readonly<Record<string, string>>): string {
  etc = mkdtempSync(join(tmpdir(), "lima-etc-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(etc, name)), { recursive: true });
    writeFileSync(join(etc, name), text);
  }
  return etc;
}

const RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n';

test("findMirror() takes the archive of a Debian host, not those of other vendors", async () => {
  const dir = host({
    "os-release": RELEASE,
    "apt/sources.list.d/a-vendor.list": "deb [arch=amd64] https://vendor.example/linux bookworm stable\ndeb https://apt.example/pub bookworm main\n",
    "apt/sources.list.d/debian.sources": "Types: deb\n# a remark: URIs: http://no\nURIs: http://mirror.example/debian/\nSuites: bookworm bookworm-updates\nComponents: main contrib\n\nTypes: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\n",
  });
  expect(await findMirror({}, dir)).toEqual({ main: "http://mirror.example/debian", security: "http://mirror.example/debian-security" });
});

test("findMirror() reads the classic form, and lists of mirrors", async () => {
  const classic = host({ "os-release": RELEASE, "apt/sources.list": "# deb http://no bookworm main\ndeb [trusted=yes signed-by=/k] http://m/debian stable main # yes\ndeb-src http://s/debian stable main\n" });
  expect(await findMirror({}, classic)).toEqual({ main: "http://m/debian" });
  rmSync(etc, { recursive: true });
  const cloud = host({ "os-release": RELEASE, "list": "\nhttps://best.example/debian priority:1\nhttps://other.example/debian\n" });
  mkdirSync(join(cloud, "apt/sources.list.d"), { recursive: true });
  writeFileSync(join(cloud, "apt/sources.list.d/debian.sources"), `Types: deb deb-src\nURIs: mirror+file://${cloud}/list\nSuites: bookworm\nComponents: main\n`);
  expect(await findMirror({}, cloud)).toEqual({ main: "https://best.example/debian" });
});

test("findMirror() takes the public mirror on other hosts, and the variable before everything", async () => {
  const ubuntu = host({ "os-release": "ID=ubuntu\nVERSION_CODENAME=noble\n", "apt/sources.list": "deb http://u/ubuntu noble main\n" });
  expect(await findMirror({}, ubuntu)).toEqual({ main: "http://deb.debian.org/debian", security: "http://deb.debian.org/debian-security" });
  expect(await findMirror({ LIMA_DEBIAN_MIRROR: "http://x/debian/" }, ubuntu)).toEqual({ main: "http://x/debian", security: "http://x/debian-security" });
  expect(await findMirror({ LIMA_DEBIAN_MIRROR: "http://x/snapshot" }, ubuntu)).toEqual({ main: "http://x/snapshot" });
  expect(await findMirror({}, join(ubuntu, "nothing"))).toMatchObject({ main: "http://deb.debian.org/debian" });
});

test("parseDeb822() skips what is disabled or source only, and joins continued lines", () => {
  expect(parseDeb822("Types: deb\nURIs: http://a\nSuites:\n one\n two\nComponents: main\n\n\nTypes: deb\nEnabled: no\nURIs: http://b\nSuites: x\nComponents: main\n\nTypes: deb-src\nURIs: http://c\nSuites: x\nComponents: main")).toEqual([
    { uri: "http://a", suite: "one", components: ["main"] },
    { uri: "http://a", suite: "two", components: ["main"] },
  ]);
});

test("parseOneLine() reads options, components and remarks", () => {
  expect(parseOneLine("deb [ arch=amd64 lang=none ] http://a s c1 c2 # c3\n\nrubbish\ndeb http://b flat/\n")).toEqual([
    { uri: "http://a", suite: "s", components: ["c1", "c2"] },
    { uri: "http://b", suite: "flat/", components: [] },
  ]);
});
