import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { measureFolder } from "@/lib/health/measure-folder";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-measure-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("a folder takes what its files take, those of inner folders too, the largest part first", async () => {
  fs.mkdirSync(path.join(folder, "spool", "inner"), { recursive: true });
  fs.writeFileSync(path.join(folder, "spool", "inner", "a"), Buffer.alloc(300_000, 1));
  fs.writeFileSync(path.join(folder, "small"), "x");
  const { usedBytes, parts, freeBytes, totalBytes } = await measureFolder(folder);
  expect(parts.map(({ name }) => name)).toEqual(["spool", "small"]);
  expect(usedBytes).toBeGreaterThanOrEqual(300_000);
  expect(usedBytes).toBeLessThan(500_000);
  expect(usedBytes).toBe(parts.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
});

test("a file that claims more than is written in it counts what is written", async () => {
  const name = path.join(folder, "sparse");
  fs.writeFileSync(name, "x");
  fs.truncateSync(name, 1024 ** 3);
  expect((await measureFolder(folder)).usedBytes).toBeLessThan(1024 ** 2);
});

test("a folder that is not there is a failure, not an empty folder", async () => {
  await expect(measureFolder(path.join(folder, "none"))).rejects.toThrow("ENOENT");
});
