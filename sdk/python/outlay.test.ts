import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

test("the Python agent's own tests pass, with the standard library alone", () => {
  // -I: nothing of the user's packages; -B: leaves no compiled files in the tree.
  const script = "import sys, unittest; sys.path.insert(0, '.'); unittest.main('test_outlay')";
  const { status, stderr, error } = spawnSync("python3", ["-IB", "-c", script], {
    cwd: path.join(import.meta.dirname),
    encoding: "utf8",
  });
  expect(error, "python3 is needed (Debian: apt-get install python3)").toBeUndefined();
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/Ran [1-9]\d* tests/);
});
