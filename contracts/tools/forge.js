// Runs the pinned Foundry tool of this platform, or the one on the PATH where npm has none.
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const path = require("path");

const root = path.join(__dirname, "..");

function locate(tool) {
  const pinned = path.join(root, "node_modules", "@foundry-rs", `${tool}-linux-amd64`, "bin", tool);
  return fs.existsSync(pinned) ? pinned : tool;
}

// options: those of spawnSync. The result's status is never null: a tool that is missing or was killed throws.
function run(tool, args, options = {}) {
  const result = spawnSync(locate(tool), args, { cwd: root, maxBuffer: 1 << 28, ...options });
  if (result.error) {
    throw result.error;
  }
  if (result.status === null) {
    throw new Error(`${tool} was ended by ${result.signal}`);
  }
  return result;
}

module.exports = { locate, root, run };

if (require.main === module) {
  process.exitCode = run("forge", process.argv.slice(2), { stdio: "inherit" }).status;
}
