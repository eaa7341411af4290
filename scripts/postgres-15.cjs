/** Installs PostgreSQL 15 for the tests where that is possible: Debian's package, as root. */
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");

const INITDB = "/usr/lib/postgresql/15/bin/initdb";

/** Without it the tests of the server pair run on embedded stores, or are told as skipped. */
function ensurePostgres15() {
  if (fs.existsSync(INITDB)) return;
  if (!fs.existsSync("/etc/debian_version") || process.getuid?.() !== 0) return;
  process.stdout.write("outlay: installing PostgreSQL 15 from Debian's packages …\n");
  const apt = (...args) => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync("apt-get", args, { stdio: "inherit", env });
  };
  apt("update", "-qq");
  // The package would start a server of its own; the tests bring theirs.
  if (!fs.existsSync("/etc/postgresql-common/createcluster.conf")) {
    fs.mkdirSync("/etc/postgresql-common", { recursive: true });
    fs.writeFileSync("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n");
  }
  apt("install", "-y", "-qq", "--no-install-recommends", "postgresql-15");
}

module.exports = { ensurePostgres15 };
