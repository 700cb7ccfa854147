// Puts each fault of mutants/mutants.json into a copy of the contracts and runs the tests on it. Fails when one survives.
// Arguments: words; only the mutants whose name contains one of them are run.
"use strict";
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { locate, root } = require("./forge.js");

const mutants = JSON.parse(fs.readFileSync(path.join(root, "mutants", "mutants.json"), "utf8"));
const words = process.argv.slice(2);
const queue = words.length === 0 ? [...mutants] : mutants.filter((it) => words.some((word) => it.name.includes(word)));
const workers = Math.min(queue.length, Math.max(1, os.cpus().length), 4);
const timeout = 180_000;

// Fewer repetitions than `npm test`: a fault that needs more to be noticed has too weak a test. Tests are linked at run
// time, so that a changed contract is compiled alone.
const env = {
  ...process.env,
  FOUNDRY_DYNAMIC_TEST_LINKING: "true", FOUNDRY_FUZZ_RUNS: "24", FOUNDRY_INVARIANT_RUNS: "2", FOUNDRY_INVARIANT_DEPTH: "48",
};

function copy(folder) {
  for (const entry of ["src", "test", "bin", "foundry.toml"]) {
    fs.cpSync(path.join(root, entry), path.join(folder, entry), { recursive: true });
  }

  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
}

// Most faults fall to the tests that take no time; the others get all the rest.
const quick = ["--match-contract", "^(SageKeyRegistryTest|PublicKeysTest)$"];
const rest = ["--no-match-contract", "^(SageKeyRegistryTest|PublicKeysTest|Gas)$"];

// Resolves to { status, output }; status is null when the time ran out.
async function test(folder) {
  const first = await forge(folder, quick);
  return first.status === 0 ? forge(folder, rest) : first;
}

function forge(folder, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(locate("forge"), ["test", "--fail-fast", "--threads", "1", ...args], { cwd: folder, env });
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

async function judge(folder, mutant) {
  const file = path.join(folder, "src", mutant.file);
  const source = fs.readFileSync(file, "utf8");
  const parts = source.split(mutant.find);
  if (parts.length !== 2) {
    return `does not apply: found ${parts.length - 1} times`;
  }

  fs.writeFileSync(file, parts.join(mutant.replace));
  try {
    const { status, output } = await test(folder);
    if (status === 0) {
      return "SURVIVED";
    }

    const killer = /\[FAIL[^\n]*\]\s+(\w+)\(|^ (invariant_\w+)\(\)/m.exec(output);
    // A mutant that does not compile proves nothing; one that never ends has been noticed.
    return killer || status === null ? null : `proves nothing:\n${output.slice(-2000)}`;
  } finally {
    fs.writeFileSync(file, source);
  }
}

async function main() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "sage-mutants-"));
  let bad = 0;
  let killed = 0;
  try {
    const first = path.join(scratch, "0");
    fs.mkdirSync(first);
    copy(first);
    const sound = await test(first);
    if (sound.status !== 0) {
      console.error(`The tests fail without any fault:\n${sound.output.slice(-4000)}`);
      process.exit(1);
    }

    const folders = [first];
    for (let i = 1; i < workers; i++) {
      folders.push(path.join(scratch, String(i)));
      fs.cpSync(first, folders[i], { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    }

    await Promise.all(folders.map(async (folder) => {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const start = Date.now();
        const fault = await judge(folder, mutant);
        console.log(`${fault ?? "killed"}  ${mutant.name}  (${((Date.now() - start) / 1000).toFixed(1)} s)`);
        fault ? bad++ : killed++;
      }
    }));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }

  console.log(`${killed} killed, ${bad} not`);
  process.exitCode = bad > 0 || killed === 0 ? 1 : 0;
}

main();
