// --write measures every operation as a transaction of its own (intrinsic gas included) into gas.json; --check fails when
// one of them costs 2 % more or less than is written there, or when the operations are others.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { root, run } = require("./forge.js");

const tolerance = 0.02;
const [mode] = process.argv.slice(2);
if (mode !== "--write" && mode !== "--check") {
  console.error("usage: node tools/gas.js --write|--check");
  process.exit(2);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sage-gas-"));
let measured;
try {
  const result = run("forge", ["test", "--match-contract", "^Gas$", "--isolate"], {
    stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, FOUNDRY_SNAPSHOTS: folder },
  });
  if (result.status !== 0) {
    console.error("The measurements failed.");
    process.exit(1);
  }

  const text = JSON.parse(fs.readFileSync(path.join(folder, "Gas.json"), "utf8"));
  measured = Object.fromEntries(Object.entries(text).map(([name, gas]) => [name, Number(gas)]));
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

const file = path.join(root, "gas.json");
if (mode === "--write") {
  fs.writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
}

const expected = JSON.parse(fs.readFileSync(file, "utf8"));
for (const name of new Set([...Object.keys(expected), ...Object.keys(measured)])) {
  const [before, now] = [expected[name], measured[name]];
  const off = !(Math.abs(now - before) <= before * tolerance); // also when one of them is missing
  console.log(`${String(now).padStart(9)}  ${name}${off ? `: was ${before}` : ""}`);
  if (off) {
    process.exitCode = 1;
  }
}
