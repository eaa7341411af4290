import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VIEW_SCREENS } from "@/lib/views/screen-params";

/** The names in a table of parameters, `const NAME = {\n  key: …`, of a source file. */
function readParams(file: string, table: string): string[] {
  const text = readFileSync(file, "utf8");
  const body = new RegExp(`const ${table} = \\{\\n([\\s\\S]*?)\\n\\}`).exec(text)?.[1];
  if (body === undefined) throw new Error(`${file} has no ${table}`);
  return [...body.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name ?? "");
}

test("a view keeps every parameter that its screen reads, and no other", () => {
  const scope = ["project", ...readParams("components/filters/scope.ts", "SCOPE_PARAMS")];
  const explore = readParams("components/spend/explore-params.ts", "EXPLORE_PARAMS");
  expect([...VIEW_SCREENS.explore].sort()).toEqual([...scope, ...explore].sort());
  expect([...VIEW_SCREENS.calls].sort()).toEqual([...scope].sort());
  const list = readFileSync("components/sessions/sessions-list.tsx", "utf8");
  const own = [...list.matchAll(/useQueryState\("(\w+)"/g)].map(([, name]) => name ?? "");
  expect([...VIEW_SCREENS.sessions].sort()).toEqual([...scope, ...own].sort());
});
