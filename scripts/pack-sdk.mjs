import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { buildSdk } from "./build-sdk.mjs";

/**
 * Builds and packs the npm package as it would be published, and installs that tarball into a folder: what is used from
 * there is what a customer has.
 * @param {string} folder is emptied first
 * @returns {Promise<string>} the file that Node's `import` of the package finds
 */
export async function packSdk(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const source = path.join(folder, "source");
  await buildSdk(source);
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: source,
    encoding: "utf8",
  });
  const target = path.join(folder, "node_modules", "@outlay", "sdk");
  fs.mkdirSync(target, { recursive: true });
  const tarball = path.join(folder, packed.trim().split("\n").at(-1) ?? "");
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
  const { exports } = JSON.parse(fs.readFileSync(path.join(target, "package.json"), "utf8"));
  return path.join(target, exports["."].node.import.default);
}
