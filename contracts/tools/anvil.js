// Runs the pinned anvil, or the one on the PATH, with the given arguments, until it is ended.
"use strict";
const { run } = require("./forge.js");

process.exitCode = run("anvil", process.argv.slice(2), { stdio: "inherit" }).status;
