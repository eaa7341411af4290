import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDataDir } from "@/lib/data-dir";

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-data-dir-"));
});
afterEach(() => {
  fs.rmSync(dir, { recursive: true, force: true });
});

test("a directory that is not there is made, claimed and given up", () => {
  const folder = path.join(dir, "a", "b");
  const release = claimDataDir(folder);
  expect(fs.existsSync(path.join(folder, "lock.json"))).toBe(true);
  release();
  expect(fs.existsSync(path.join(folder, "lock.json"))).toBe(false);
});

test("a second claim names the process that holds the directory", () => {
  const release = claimDataDir(dir);
  expect(() => claimDataDir(dir)).toThrow(`in use by process ${process.pid}`);
  release();
});

test("the claim of a process that was killed is taken over", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const owner = { pid: child.pid, startedAt: "" };
  fs.writeFileSync(path.join(dir, "lock.json"), JSON.stringify(owner));
  child.kill("SIGKILL");
  await exited;
  claimDataDir(dir)();
});

test("a restart at once after a kill does not wait for whoever has to notice the death", () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const stat = fs.readFileSync(`/proc/${child.pid}/stat`, "utf8");
  const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  fs.writeFileSync(path.join(dir, "lock.json"), JSON.stringify({ pid: child.pid, startedAt }));
  child.kill("SIGKILL");
  // Nothing is awaited: the dead child stays a zombie, as under a parent that does not look.
  claimDataDir(dir)();
});

test("a process that only has the same number as the dead owner does not hold the directory", () => {
  const owner = { pid: process.pid, startedAt: "1" };
  fs.writeFileSync(path.join(dir, "lock.json"), JSON.stringify(owner));
  claimDataDir(dir)();
});

test("a half-written lock file of a crash does not stop the next start", () => {
  fs.writeFileSync(path.join(dir, "lock.json"), '{"pid":');
  claimDataDir(dir)();
});

test("a path that cannot be a directory is one clear sentence", () => {
  const file = path.join(dir, "file");
  fs.writeFileSync(file, "");
  expect(() => claimDataDir(file)).toThrow(/^the data directory .* cannot be written \(.*\)\.$/);
});
