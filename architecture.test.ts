/**
 * The layout's rules as a test (ARCHITECTURE.md says why). Own code rather than a dependency linter: the
 * whole of it is a page, and each failure has to teach what to do instead.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = import.meta.dirname;
const AREAS = ["app", "components", "db", "lib", "ingest", "sdk", "e2e", "bench", "scripts"];

interface SourceFile {
  file: string;
  area: string;
  text: string;
  /** Files of the project it imports at run time. */
  imports: string[];
  /** Files of the project it imports for their types only. */
  typeImports: string[];
  packages: string[];
}

/** Tracked files and new ones that git does not ignore: what a commit could hold. */
function listFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const out = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" });
  return out.split("\n").filter((file) => file && fs.existsSync(path.join(ROOT, file)));
}

const files = listFiles();
const sourceNames = files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
const sourceSet = new Set(sourceNames);

function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith("@/") && !specifier.startsWith(".")) return null;
  const base = specifier.startsWith("@/")
    ? specifier.slice(2)
    : path.posix.join(path.posix.dirname(from), specifier);
  return [base, `${base}.ts`, `${base}.tsx`].find((name) => sourceSet.has(name)) ?? null;
}

function readSource(file: string): SourceFile {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8");
  const source: SourceFile = {
    file,
    area: file.includes("/") ? (file.split("/")[0] ?? "") : "root",
    text,
    imports: [],
    typeImports: [],
    packages: [],
  };
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/gm,
  );
  for (const [, isType, specifier, dynamic] of statements) {
    const name = specifier ?? dynamic ?? "";
    const target = resolveImport(file, name);
    if (target) (isType ? source.typeImports : source.imports).push(target);
    else if (!name.startsWith(".") && !name.startsWith("@/") && !isType) source.packages.push(name);
  }
  return source;
}

const sources = sourceNames.map(readSource);
const byName = new Map(sources.map((source) => [source.file, source]));
const isTest = (file: string): boolean => /\.test\.tsx?$|(^|\/)testing\//.test(file);
const production = sources.filter((source) => !isTest(source.file));

/** What each area may import from the others. */
const MAY_IMPORT: Record<string, string[]> = {
  app: ["components", "lib", "db"],
  components: ["lib"],
  lib: ["db"],
  db: ["lib"],
  ingest: ["lib", "db"],
  sdk: [],
  root: ["ingest", "lib", "db"],
};

test("imports run one way: app -> components -> lib -> db, server.ts -> ingest -> lib, db", () => {
  const wrong: string[] = [];
  for (const { file, area, imports, typeImports } of production) {
    const allowed = MAY_IMPORT[area];
    if (!allowed) continue;
    for (const target of [...imports, ...typeImports]) {
      const targetArea = target.includes("/") ? (target.split("/")[0] ?? "") : "root";
      if (targetArea !== area && !allowed.includes(targetArea)) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong, "move the shared part to lib/, or let the page compose both").toEqual([]);
});

test("db imports only leaf files of lib: a query knows no rule of the business", () => {
  const wrong: string[] = [];
  for (const { file, area, imports } of production) {
    if (area !== "db") continue;
    for (const target of imports) {
      const isLeaf = /^lib\/[^/]+\.ts$/.test(target);
      if (target.startsWith("lib/") && !isLeaf) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong, "pass the value in as a parameter, or import the type only").toEqual([]);
});

test("components of one noun never import those of another: the page composes them", () => {
  const shared = ["ui", "layout", "charts", "filters", "states"];
  const wrong: string[] = [];
  for (const { file, area, imports } of production) {
    const noun = file.split("/")[1] ?? "";
    if (area !== "components") continue;
    for (const target of imports) {
      const other = target.split("/")[1] ?? "";
      const isNoun = target.startsWith("components/") && target.split("/").length > 2;
      if (isNoun && other !== noun && !shared.includes(other)) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong, "compose them in app/, or move the shared part to components/ui").toEqual([]);
});

test("what a browser loads reaches no store, no Node module and no setting", () => {
  const wrong: string[] = [];
  const walk = (name: string, trail: string[], seen: Set<string>): void => {
    const source = byName.get(name);
    if (!source || seen.has(name)) return;
    seen.add(name);
    const isServerOnly = source.area === "db" || source.file === "lib/env.ts";
    if (isServerOnly || source.packages.some((pkg) => pkg.startsWith("node:"))) {
      wrong.push([...trail, name].join(" -> "));
      return;
    }
    for (const target of source.imports) walk(target, [...trail, name], seen);
  };
  for (const { file, area } of production) if (area === "components") walk(file, [], new Set());
  expect(wrong, "fetch it through /api, or split the pure part into its own file").toEqual([]);
});

test("engines are opened in one place: drivers are imported in db, the spool's in ingest", () => {
  const drivers: Record<string, string> = {
    "@clickhouse/client": "db/",
    chdb: "db/",
    "@electric-sql/pglite": "db/",
    postgres: "db/",
    lmdb: "ingest/",
  };
  const wrong = production.flatMap(({ file, area, packages }) =>
    packages
      .map((pkg) => Object.keys(drivers).find((name) => pkg === name || pkg.startsWith(`${name}/`)))
      .filter(
        (name) => name !== undefined && !file.startsWith(drivers[name] ?? "") && area !== "bench",
      )
      .map((name) => `${file} imports ${name}`),
  );
  expect(wrong, "ask db/ (or ingest/spool.ts) for what you need").toEqual([]);
});

/** Who else may read the environment, and why. */
const READS_ENVIRONMENT: [RegExp, string][] = [
  [/^lib\/env\.ts$/, "checks every setting at once, before anything is opened"],
  [/^(scripts|bench)\//, "starts the product, and hands on what it was given"],
  [/^[^/]+\.config\.ts$/, "is read by a tool that knows no setting of ours"],
  [/^sdk\/src\/platform\/read-setting\.ts$/, "runs in the processes of others"],
];
/** How long and with which chances a test looks: nothing of the product sees it. */
const LOOKS_OF_TESTS = /\bprocess\.env\.(SOAK|SEED)\b/g;
const ENVIRONMENT =
  /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\benv\b[^}]*\}\s*=\s*process\b|from "node:process"|from "process"/;

test("settings are read in lib/env.ts only: one place says what there is, checks it and names every fault", () => {
  const wrong = sources
    .filter(({ file }) => !READS_ENVIRONMENT.some(([who]) => who.test(file)))
    .filter(({ file }) => file !== "architecture.test.ts")
    .filter(({ file, text }) => {
      const code = text.replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, "");
      return ENVIRONMENT.test(isTest(file) ? code.replace(LOOKS_OF_TESTS, "") : code);
    })
    .map(({ file }) => file);
  const message =
    "add the setting to lib/env.ts and .env.example and pass its value in; a property's runs are propertyRuns()";
  expect(wrong, message).toEqual([]);
});

test("all SQL is in db", () => {
  const statement =
    /\b(SELECT\s[\s\S]{1,400}?\sFROM\s|INSERT\s+INTO\s|ALTER\s+TABLE\s|CREATE\s+TABLE\s)/;
  const wrong = production
    .filter(({ area }) => ["app", "components", "lib", "ingest"].includes(area))
    .filter(({ text }) => statement.test(text.replace(/^\s*(\/\/|\*).*$/gm, "")))
    .map(({ file }) => file);
  expect(wrong, "name the question and put its query into db/").toEqual([]);
});

test("names say what a file does", () => {
  // "service-tier" is a term of the field; a file called service is not.
  const vague =
    /(^|[/-])((utils?|helpers?|common|manager|service|misc)([./]|$)|(legacy|v2)([-./]|$))/;
  const wrong = files.filter(
    (file) => AREAS.includes(file.split("/")[0] ?? "") && vague.test(file),
  );
  expect(wrong, "name the file after what it exports").toEqual([]);
});

test("no file does too much: at most 300 lines", () => {
  const wrong = production
    .filter(({ file }) => !file.includes("/migrations/"))
    .map(({ file, text }) => ({ file, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > 300)
    .map(({ file, lines }) => `${file} (${lines})`);
  expect(wrong, "split it where its job splits; data tables may go into a file a provider").toEqual(
    [],
  );
});

test("the documents name no path that is gone", () => {
  const documents = files.filter((file) => file.endsWith(".md"));
  const wrong: string[] = [];
  for (const document of documents) {
    const text = fs.readFileSync(path.join(ROOT, document), "utf8");
    for (const [, quoted = ""] of text.matchAll(/`([\w.@()[\]/-]+)`/g)) {
      const area = quoted.split("/")[0] ?? "";
      const isPath = quoted.includes("/") && [...AREAS, "docs", ".ci"].includes(area);
      const isThere = fs.existsSync(path.join(ROOT, quoted.replace(/\/$/, "")));
      if (isPath && !isThere) wrong.push(`${document}: ${quoted}`);
    }
  }
  expect(wrong, "mend the document in the change that moves the file").toEqual([]);
});

test("every setting is in .env.example, and no other", () => {
  const settings = fs.readFileSync(path.join(ROOT, "lib/env.ts"), "utf8");
  const known = [...settings.matchAll(/^ {4}([A-Z][A-Z_]+): /gm)].map(([, name]) => name ?? "");
  const example = fs.readFileSync(path.join(ROOT, ".env.example"), "utf8");
  const named = [...example.matchAll(/^#?\s?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name ?? "");
  expect(named.sort()).toEqual(known.filter((name) => name !== "NODE_ENV").sort());
});
