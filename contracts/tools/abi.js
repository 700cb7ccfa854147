// --write puts the ABIs and the code of a fresh build into abi/; --check fails when they differ from it.
"use strict";
const fs = require("fs");
const path = require("path");
const { root, run } = require("./forge.js");
const { contracts, built } = require("./artifacts.js");

const [mode] = process.argv.slice(2);
if (mode !== "--write" && mode !== "--check") {
  console.error("usage: node tools/abi.js --write|--check");
  process.exit(2);
}

const build = run("forge", ["build", "--skip", "test", "--skip", "script"], { stdio: ["ignore", "ignore", "inherit"] });
if (build.status !== 0) {
  process.exit(build.status);
}

const stale = [];
for (const name of contracts) {
  for (const [file, text] of Object.entries(built(name))) {
    const target = path.join(root, "abi", file);
    if (mode === "--write") {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
    } else if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== text) {
      stale.push(`abi/${file}`);
    }
  }
}

if (stale.length > 0) {
  console.error(`Not what the sources compile to: ${stale.join(", ")}. Run npm run abi:write and commit.`);
  process.exitCode = 1;
} else {
  console.log(mode === "--write" ? "abi/ written" : "abi/ is what the sources compile to");
}
