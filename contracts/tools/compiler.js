// Compiles SageKeyRegistry as forge does, with changed sources; a worker thread of mutants.js. A compiler that stays in memory is
// several times faster than one that is loaded for each contract.
"use strict";
const fs = require("fs");
const path = require("path");
const { parentPort } = require("worker_threads");
const solc = require("solc");

const root = path.join(__dirname, "..");
const settings = {
  evmVersion: "cancun",
  optimizer: { enabled: true, runs: 200 },
  metadata: { bytecodeHash: "none", appendCBOR: false },
  remappings: ["@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/"],
  outputSelection: { "src/SageKeyRegistry.sol": { SageKeyRegistry: ["evm.bytecode", "evm.deployedBytecode"] } },
};

// changed: { path: content }. Gives { bytecode, deployedBytecode }, or { error }.
function compile(changed) {
  const read = (file) => changed[file] ?? fs.readFileSync(path.join(root, file), "utf8");
  const sources = { "src/SageKeyRegistry.sol": { content: read("src/SageKeyRegistry.sol") } };
  const input = JSON.stringify({ language: "Solidity", sources, settings });
  const output = JSON.parse(solc.compile(input, { import: (file) => ({ contents: read(file) }) }));
  const error = (output.errors ?? []).find((it) => it.severity === "error");
  return error ? { error: error.formattedMessage } : output.contracts["src/SageKeyRegistry.sol"].SageKeyRegistry.evm;
}

parentPort.on("message", (changed) => parentPort.postMessage(compile(changed)));
