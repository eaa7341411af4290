/**
 * Builds the npm package `@outlay/sdk` into `sdk/dist`, or a copy of the package into another folder, where `npm pack`
 * makes the tarball. ESM and CommonJS, for Node and for edge runtimes, each one file; types beside them.
 *
 *   node scripts/build-sdk.mjs [folder]
 */
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "..");
const SDK = path.join(ROOT, "sdk");
const run = promisify(execFile);

/**
 * Builds the package.
 * @param {string} [folder] made where it is not there; the package's own by default
 * @returns {Promise<string>} the folder that `npm pack` takes
 */
export async function buildSdk(folder = SDK) {
  const dist = path.join(folder, "dist");
  fs.rmSync(dist, { recursive: true, force: true });
  fs.mkdirSync(dist, { recursive: true });
  if (path.resolve(folder) !== SDK) {
    for (const name of ["package.json", "README.md", "LICENSE"]) {
      fs.copyFileSync(path.join(SDK, name), path.join(folder, name));
    }
  }
  await Promise.all([
    bundle("node", "esm", dist),
    bundle("node", "cjs", dist),
    bundle("edge", "esm", dist),
    bundle("edge", "cjs", dist),
    writeTypes(dist),
  ]);
  return folder;
}

async function bundle(entry, format, dist) {
  await build({
    entryPoints: [path.join(SDK, "src", `${entry}.ts`)],
    outfile: path.join(dist, `${entry}.${format === "esm" ? "js" : "cjs"}`),
    bundle: true,
    format,
    target: "node18",
    platform: entry === "node" ? "node" : "neutral",
    minify: true,
    // Errors and spies tell classes and functions by name.
    keepNames: false,
    legalComments: "none",
    logLevel: "warning",
  });
}

/** The same types twice: a package of type `module` has its CommonJS ones in a folder that says so. */
async function writeTypes(dist) {
  const types = path.join(dist, "types");
  const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", types];
  await run(process.execPath, [tsc, "-p", path.join(SDK, "tsconfig.json"), ...flags]);
  for (const file of fs.readdirSync(types, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const name = path.join(types, file);
    const text = fs.readFileSync(name, "utf8");
    fs.writeFileSync(name, text.replace(/(["']\.{1,2}\/[^"']+)\.ts(["'])/g, "$1.js$2"));
  }
  const commonJs = path.join(dist, "types-cjs");
  fs.cpSync(types, commonJs, { recursive: true });
  fs.writeFileSync(path.join(commonJs, "package.json"), '{ "type": "commonjs" }\n');
}

if (process.argv[1] === import.meta.filename) {
  const folder = await buildSdk(process.argv[2] && path.resolve(process.argv[2]));
  process.stdout.write(`built ${path.join(folder, "dist")}\n`);
}
