/** Installs Python for the tests of `sdk/python` where that is possible: Debian's package, as root. */
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");

const hasPython = () => spawnSync("python3", ["--version"]).status === 0;

/** Without it the tests of the Python agent fail and say that it is needed. */
function ensurePython() {
  if (hasPython()) return;
  if (fs.existsSync("/etc/debian_version") && process.getuid?.() === 0) {
    process.stdout.write("outlay: installing Python from Debian's packages …\n");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", "python3"],
    ]) {
      spawnSync("apt-get", args, { stdio: "inherit", env });
    }
  }
  if (!hasPython()) {
    process.stdout.write("outlay: no python3 found: the tests of sdk/python need 3.9 or later.\n");
  }
}

module.exports = { ensurePython };
