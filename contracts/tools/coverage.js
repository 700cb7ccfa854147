// Measures line coverage of the contracts and fails when one of them is below the threshold.
"use strict";
const fs = require("fs");
const path = require("path");
const { root, run } = require("./forge.js");

const threshold = 0.95;
const report = path.join(root, "lcov.info");
fs.rmSync(report, { force: true });
const result = run(
  "forge",
  ["coverage", "--ir-minimum", "--no-match-coverage", "test|script", "--report", "lcov", "--report-file", report],
  { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, FOUNDRY_FUZZ_RUNS: "16", FOUNDRY_INVARIANT_RUNS: "2" } });
if (result.status !== 0) {
  console.error("The tests failed under coverage.");
  process.exit(1);
}

// lcov: SF:<file>, LF:<lines found>, LH:<lines hit>, end_of_record.
let measured = 0;
for (const record of fs.readFileSync(report, "utf8").split("end_of_record")) {
  const file = /^SF:(.*)$/m.exec(record)?.[1];
  if (!file) {
    continue;
  }

  const found = Number(/^LF:(\d+)$/m.exec(record)[1]);
  const hit = Number(/^LH:(\d+)$/m.exec(record)[1]);
  const missed = [...record.matchAll(/^DA:(\d+),0$/gm)].map((match) => match[1]);
  console.log(`${file}: ${hit} of ${found} lines${missed.length > 0 ? `, not ${missed.join(", ")}` : ""}`);
  measured++;
  if (hit < found * threshold) {
    process.exitCode = 1;
  }
}

// Fewer than the three sources means that the report is not about them.
if (measured < 3) {
  console.error(`Only ${measured} files were measured.`);
  process.exitCode = 1;
}
