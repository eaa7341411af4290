import { expect, test } from "vitest";
import { wordsOfRole, wordsOfScope } from "@/lib/permission-words";
import {
  canKey,
  canMember,
  KEY_SCOPES,
  PERMISSIONS,
  permissionsOfRole,
  permissionsOfScope,
  ROLES,
} from "@/lib/permissions";

test("what is said of a role is what the table lets it do, in one project and in all", () => {
  for (const role of ROLES) {
    for (const projectId of ["p", null]) {
      const said = permissionsOfRole(role, projectId === null);
      const rights = { memberships: [{ projectId, role }] };
      expect(said).toEqual(PERMISSIONS.filter((one) => canMember(rights, one, "p")));
      expect(new Set(wordsOfRole(role, projectId === null)).size).toBe(said.length);
    }
  }
  expect(wordsOfRole("viewer", true).join()).not.toMatch(/make|change|set |erase|retry/);
});

test("what is said of a scope is what the table lets a key with it do", () => {
  for (const scope of KEY_SCOPES) {
    for (const isInstallation of [false, true]) {
      const rights = { projectId: "p", scopes: [scope], isInstallation };
      const may = PERMISSIONS.filter((one) => canKey(rights, one, "p"));
      expect(permissionsOfScope(scope, isInstallation)).toEqual(may);
    }
  }
  expect(wordsOfScope("ingest", false)).toEqual(["send events"]);
});
