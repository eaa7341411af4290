import fs from "node:fs";
import path from "node:path";

/** What says which pair of stores a test runs on: every opener of a test's stores asks it. */
const SWITCH = "lib/testing/test-stores.ts";
const AREAS = ["app", "bench", "components", "db", "ingest", "lib", "scripts"];

/**
 * The test files that open a test's stores, themselves or through a file of a `testing` folder: they run on both pairs.
 * Read from their imports, so that a new folder of tests is not left out because nobody thought of a list.
 * @param root the project's folder @returns paths within it
 */
export function listStoreTests(root: string): string[] {
  const known = new Map<string, boolean>([[SWITCH, true]]);
  const opensStores = (file: string): boolean => {
    const before = known.get(file);
    if (before !== undefined) return before;
    known.set(file, false);
    const text = fs.readFileSync(path.join(root, file), "utf8");
    const imported = [...text.matchAll(/from "@\/((?:[^"]+\/)?testing\/[^"]+)"/g)];
    const found = imported.some(([, name]) => opensStores(`${name}.ts`));
    known.set(file, found);
    return found;
  };
  return AREAS.flatMap((area) =>
    fs
      .readdirSync(path.join(root, area), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => path.posix.join(area, name.split(path.sep).join("/"))),
  )
    .filter(opensStores)
    .sort();
}
