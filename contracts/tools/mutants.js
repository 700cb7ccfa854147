// Puts each fault of mutants/mutants.json into the key registry and runs the tests on it. Fails when one survives.
// Arguments: words; only the mutants whose name contains one of them are run.
//
// The tests find contracts when they run (dynamic_test_linking), so they are compiled once; of each fault only the key registry's
// code is compiled, and put where the tests find it.
"use strict";
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { Worker } = require("worker_threads");
const { locate, root, run } = require("./forge.js");

const mutants = JSON.parse(fs.readFileSync(path.join(root, "mutants", "mutants.json"), "utf8"));
const words = process.argv.slice(2);
const queue = words.length === 0 ? [...mutants] : mutants.filter((it) => words.some((word) => it.name.includes(word)));
const workers = Math.min(queue.length, Math.max(1, os.cpus().length), 4);
const timeout = 180_000;

// Fewer repetitions than `npm test`: a fault that needs more to be noticed has too weak a test.
const env = { ...process.env, FOUNDRY_FUZZ_RUNS: "24", FOUNDRY_INVARIANT_RUNS: "2", FOUNDRY_INVARIANT_DEPTH: "48" };

// Most faults fall to the tests that take no time; the others get all the rest. Gas proves nothing about faults.
const phases = [
  ["--match-contract", "^(SageKeyRegistryTest|PublicKeysTest)$"],
  ["--no-match-contract", "^(SageKeyRegistryTest|PublicKeysTest|Gas)$"],
];

// Build output and cache of a worker's own, beside the sources that all share.
function prepare(folder) {
  fs.cpSync(path.join(root, "out"), path.join(folder, "out"), { recursive: true, preserveTimestamps: true });
  const cache = JSON.parse(fs.readFileSync(path.join(root, "cache", "solidity-files-cache.json"), "utf8"));
  cache.paths.artifacts = path.join(folder, "out");
  cache.paths.build_infos = path.join(folder, "out", "build-info");
  fs.mkdirSync(path.join(folder, "cache"));
  fs.writeFileSync(path.join(folder, "cache", "solidity-files-cache.json"), JSON.stringify(cache));
}

// Forge compiles the interfaces of everything to find the tests that it is to run: always the same question. Any other one would
// mean that it compiles what was put in its place, and is refused.
function rememberingSolc(folder) {
  const file = path.join(folder, "solc");
  const version = run(path.join(root, "bin", "solc"), ["--version"]).stdout.toString();
  fs.writeFileSync(path.join(folder, "version"), version);
  fs.writeFileSync(file, `#!/bin/sh
cd '${folder}' || exit 1
[ "$*" = --version ] && exec cat version
cat > "question.$$"
if [ -f answer ]; then
  cmp -s question "question.$$" || exit 1
else
  '${path.join(root, "bin", "solc")}' "$@" < "question.$$" > answer.new && cp "question.$$" question && mv answer.new answer || exit 1
fi
rm "question.$$"
exec cat answer
`, { mode: 0o755 });
  return file;
}

const artifact = (out) => path.join(out, "SageKeyRegistry.sol", "SageKeyRegistry.json");

function install(folder, code) {
  const file = artifact(path.join(folder, "out"));
  const content = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const part of ["bytecode", "deployedBytecode"]) {
    content[part].object = `0x${code[part].object}`;
  }

  content.deployedBytecode.immutableReferences = code.deployedBytecode.immutableReferences;
  fs.writeFileSync(file, JSON.stringify(content));
}

// Resolves to { status, output }; status is null when the time ran out.
async function test(worker, code) {
  install(worker.folder, code);
  let result;
  for (const phase of phases) {
    // A fault must be noticed by itself, not because one before it left a counterexample behind.
    fs.rmSync(path.join(worker.folder, "found"), { recursive: true, force: true });
    result = await forge(worker, phase);
    if (result.status !== 0) {
      break;
    }
  }

  return result;
}

function forge({ folder, solc }, args) {
  const own = {
    FOUNDRY_OUT: path.join(folder, "out"),
    FOUNDRY_CACHE_PATH: path.join(folder, "cache"),
    FOUNDRY_FUZZ_FAILURE_PERSIST_DIR: path.join(folder, "found"),
    FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: path.join(folder, "found"),
    FOUNDRY_SOLC: solc,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(locate("forge"), ["test", "--fail-fast", "--threads", "1", ...args], { cwd: root, env: { ...env, ...own } });
    const chunks = [];
    const timer = setTimeout(() => child.kill(), timeout);
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, output: Buffer.concat(chunks).toString("utf8") });
    });
  });
}

function startCompiler() {
  const worker = new Worker(path.join(__dirname, "compiler.js"));
  const compile = (changed) => new Promise((resolve, reject) => {
    worker.removeAllListeners("message").once("message", resolve);
    worker.removeAllListeners("error").once("error", reject);
    worker.postMessage(changed);
  });
  return { compile, stop: () => worker.terminate() };
}

async function judge(worker, compile, mutant, sound) {
  const source = fs.readFileSync(path.join(root, "src", mutant.file), "utf8");
  const parts = source.split(mutant.find);
  if (parts.length !== 2) {
    return `does not apply: found ${parts.length - 1} times`;
  }

  const code = await compile({ [`src/${mutant.file}`]: parts.join(mutant.replace) });
  if (code.error) {
    return `proves nothing:\n${code.error}`;
  }
  if (code.bytecode.object === sound.bytecode.object) {
    return "changes nothing";
  }

  const { status, output } = await test(worker, code);
  if (status === 0) {
    return "SURVIVED";
  }

  // One that never ends has been noticed; one on which the tests do not run proves nothing.
  const killer = /\[FAIL[^\n]*\]\s+(\w+)\(|^ (invariant_\w+)\(\)/m.exec(output);
  return killer || status === null ? null : `proves nothing:\n${output.slice(-2000)}`;
}

async function work(worker, count) {
  const compiler = startCompiler();
  try {
    // What is put in must be what forge itself compiles, or a fault might fall to the way it got there.
    const sound = await compiler.compile({});
    const expected = JSON.parse(fs.readFileSync(artifact(path.join(root, "out")), "utf8"));
    for (const part of ["bytecode", "deployedBytecode"]) {
      if (expected[part].object !== `0x${sound[part]?.object}`) {
        throw new Error(`The compiler of the mutants and forge disagree about the sound contract. ${sound.error ?? ""}`);
      }
    }

    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const start = Date.now();
      const fault = await judge(worker, compiler.compile, mutant, sound);
      console.log(`${fault ?? "killed"}  ${mutant.name}  (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      fault ? count.bad++ : count.killed++;
    }

    // The same way without a fault, last of all: what ran before must not have spoilt the copy.
    const { status, output } = await test(worker, sound);
    if (status !== 0) {
      throw new Error(`The tests fail without any fault:\n${output.slice(-4000)}`);
    }
  } finally {
    await compiler.stop();
  }
}

async function main() {
  if (run("forge", ["build"], { stdio: ["ignore", "ignore", "inherit"] }).status !== 0) {
    process.exitCode = 1;
    return;
  }

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "sage-mutants-"));
  const count = { bad: 0, killed: 0 };
  try {
    const solc = rememberingSolc(scratch);
    const all = Array.from({ length: workers }, (_, i) => ({ folder: path.join(scratch, String(i)), solc }));
    all.forEach((worker) => prepare(worker.folder));
    const sound = await forge(all[0], phases[0]);
    if (sound.status !== 0) {
      throw new Error(`The tests fail without any fault:\n${sound.output.slice(-4000)}`);
    }

    await Promise.all(all.map((worker) => work(worker, count)));
  } catch (error) {
    console.error(error.message);
    count.bad++;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }

  console.log(`${count.killed} killed, ${count.bad} not`);
  process.exitCode = count.bad > 0 || count.killed === 0 ? 1 : 0;
}

main();
