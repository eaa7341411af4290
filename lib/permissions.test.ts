import { expect, test } from "vitest";
import { canKey, canMember, KEY_SCOPES, PERMISSIONS, ROLES, rolesIn } from "@/lib/permissions";

const A = "11111111-1111-4111-8111-111111111111";
const B = "22222222-2222-4222-8222-222222222222";

test("a viewer writes nothing that anybody else sees, anywhere", () => {
  const viewer = { memberships: [{ projectId: null, role: "viewer" as const }] };
  const writes = PERMISSIONS.filter((permission) => !permission.endsWith(".read"));
  // Views of their own: bookmarks.
  const held = writes.filter((permission) => canMember(viewer, permission, A));
  expect(held).toEqual(["views.save"]);
});

test("nobody without a membership may do anything, and a role counts in its own project only", () => {
  for (const permission of PERMISSIONS) {
    expect(canMember({ memberships: [] }, permission, A)).toBe(false);
    for (const role of ROLES) {
      const member = { memberships: [{ projectId: A, role }] };
      expect(canMember(member, permission, B)).toBe(false);
      expect(canMember(member, permission, null)).toBe(false);
    }
  }
});

test("what reaches every project takes a membership in every project", () => {
  const local = { memberships: [{ projectId: A, role: "admin" as const }] };
  const everywhere = { memberships: [{ projectId: null, role: "admin" as const }] };
  for (const permission of [
    "projects.create",
    "settings.write",
    "keys.write_installation",
  ] as const) {
    expect(canMember(local, permission, A)).toBe(false);
    expect(canMember(everywhere, permission, A)).toBe(true);
  }
});

test("finance sets prices and makes no keys; an engineer sees keys and sets no prices", () => {
  const as = (role: "finance" | "engineer") => ({ memberships: [{ projectId: A, role }] });
  expect(canMember(as("finance"), "prices.write", A)).toBe(true);
  expect(canMember(as("finance"), "keys.write", A)).toBe(false);
  expect(canMember(as("engineer"), "prices.write", A)).toBe(false);
  expect(canMember(as("engineer"), "keys.read", A)).toBe(true);
});

test("several memberships add up", () => {
  const member = {
    memberships: [
      { projectId: null, role: "viewer" as const },
      { projectId: A, role: "finance" as const },
    ],
  };
  expect(rolesIn(member, A)).toEqual(["viewer", "finance"]);
  expect(canMember(member, "prices.write", A)).toBe(true);
  expect(canMember(member, "prices.write", B)).toBe(false);
  expect(canMember(member, "prices.write_everywhere", A)).toBe(false);
});

test("a key does what its scopes say, in its own project; only an installation key reaches further", () => {
  for (const scope of KEY_SCOPES) {
    const key = { projectId: A, scopes: [scope], isInstallation: false };
    for (const permission of PERMISSIONS) {
      expect(canKey(key, permission, B)).toBe(false);
      expect(canKey(key, permission, null)).toBe(false);
    }
  }
  const ingest = { projectId: A, scopes: ["ingest" as const], isInstallation: false };
  expect(PERMISSIONS.filter((permission) => canKey(ingest, permission, A))).toEqual([
    "events.write",
  ]);
  const admin = { projectId: A, scopes: ["admin" as const], isInstallation: true };
  expect(canKey(admin, "settings.write", null)).toBe(true);
  expect(canKey(admin, "keys.write", B)).toBe(true);
  expect(canKey(admin, "spend.read", A)).toBe(false);
});
