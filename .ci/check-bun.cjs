// node check-bun.cjs PREFIX PACKAGE: has the package that npm installed below PREFIX the checksum that bun.lock has for it?
// npm checks what it unpacks against the registry's word only; this ties it to what was committed here.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [prefix, name] = process.argv.slice(2);
const installed = JSON.parse(readFileSync(join(prefix, "node_modules", ".package-lock.json"), "utf8")).packages[`node_modules/${name}`];
// One package a line: `"name": ["name@version", ..., "sha512-..."],`
const line = readFileSync(join(__dirname, "..", "bun.lock"), "utf8").split("\n").find((text) => text.trimStart().startsWith(`"${name}": [`));
const pinned = line?.match(/"(sha512-[^"]+)"\],?$/)?.[1];

if (pinned === undefined || installed?.integrity !== pinned) {
  process.stderr.write(`${name}: checksum ${installed?.integrity}, bun.lock has ${pinned}\n`);
  process.exitCode = 1;
}
