// What others need of the contracts without building them: the ABI, the creation code, and the code that stays on the chain.
"use strict";
const fs = require("fs");
const path = require("path");
const { root } = require("./forge.js");

const contracts = ["AgentIdentity", "SageKeyRegistry"];

// Reads forge's output; run `forge build` before.
function built(name) {
  const artifact = read(name);
  return {
    [`${name}.json`]: `${JSON.stringify(artifact.abi, null, 2)}\n`,
    [`${name}.bin`]: `${artifact.bytecode.object.replace(/^0x/, "")}\n`,
    [`${name}.code.json`]: `${JSON.stringify(deployed(artifact), null, 2)}\n`,
  };
}

// The runtime code with zeros where the constructor puts its immutable values, and where that is: byte offsets of words, by variable.
function deployed(artifact) {
  const names = immutables();
  const places = Object.entries(artifact.deployedBytecode.immutableReferences).map(([id, references]) => {
    if (!names.has(id) || references.some((reference) => reference.length !== 32)) {
      throw new Error(`the immutable variable ${id} is not known`);
    }
    return [names.get(id), references.map((reference) => reference.start).sort((left, right) => left - right)];
  });
  places.sort(([left], [right]) => (left < right ? -1 : 1));
  return { code: artifact.deployedBytecode.object.replace(/^0x/, ""), immutables: Object.fromEntries(places) };
}

// An inherited variable is declared in another contract's artifact; the compiler's ids are those of one whole build.
function immutables() {
  const names = new Map();
  for (const name of [...contracts, "EIP712"]) {
    for (const contract of read(name).ast.nodes.filter((node) => node.nodeType === "ContractDefinition")) {
      for (const member of contract.nodes.filter((node) => node.nodeType === "VariableDeclaration" && node.mutability === "immutable")) {
        names.set(String(member.id), member.name);
      }
    }
  }
  return names;
}

function read(name) {
  return JSON.parse(fs.readFileSync(path.join(root, "out", `${name}.sol`, `${name}.json`), "utf8"));
}

module.exports = { contracts, built };
