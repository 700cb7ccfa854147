// What others need of the contracts without building them: the ABI and the creation code of each.
"use strict";
const fs = require("fs");
const path = require("path");
const { root } = require("./forge.js");

const contracts = ["AgentIdentity", "SageKeyRegistry"];

// Reads forge's output; run `forge build` before.
function built(name) {
  const artifact = JSON.parse(fs.readFileSync(path.join(root, "out", `${name}.sol`, `${name}.json`), "utf8"));
  return {
    [`${name}.json`]: `${JSON.stringify(artifact.abi, null, 2)}\n`,
    [`${name}.bin`]: `${artifact.bytecode.object.replace(/^0x/, "")}\n`,
  };
}

module.exports = { contracts, built };
