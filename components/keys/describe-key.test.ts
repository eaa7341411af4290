import { expect, test } from "vitest";
import {
  describeScopes,
  listLosses,
  listScopeChoices,
  splitKeys,
} from "@/components/keys/describe-key";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

const key: KeyAnswer = {
  id: "11111111-1111-4111-8111-111111111111",
  name: "agents",
  project: "default",
  prefix: "outlay_abc123",
  scopes: ["ingest", "read"],
  installation: false,
  created_by: null,
  created_at: "2026-11-22T08:00:00.000Z",
  last_used_at: null,
  revoked_at: null,
};

test("only scopes that let a key do something are offered", () => {
  const offered = listScopeChoices(false).map(({ scope }) => scope);
  expect(offered).toEqual(["ingest", "guard", "read", "content", "admin"]);
  expect(listScopeChoices(false)[0]?.meaning).toBe("May send events.");
});

test("managing says more for an installation key than for a project's own", () => {
  const manage = (isInstallation: boolean) =>
    listScopeChoices(isInstallation).find(({ scope }) => scope === "admin")?.meaning;
  expect(manage(false)).not.toContain("every project");
  expect(manage(true)).toContain("make keys for every project");
});

test("scopes read as words, in one order whatever the key's", () => {
  expect(describeScopes(["read", "ingest"])).toBe("Send events, read figures");
  expect(describeScopes([])).toBe("Nothing");
});

test("the question before a revocation says what stops", () => {
  expect(listLosses(key)).toEqual([
    "Events sent with it are refused and not counted.",
    "Programs that read figures with it are refused.",
  ]);
});

test("revoked keys stand apart, in the order they came", () => {
  const revoked = { ...key, revoked_at: "2026-11-22T09:00:00.000Z" };
  expect(splitKeys([revoked, key])).toEqual({ live: [key], revoked: [revoked] });
});
