import { expect, test } from "vitest";
import { describeMemberships, describeRole, listRights } from "@/components/users/describe-role";
import { PERMISSION_WORDS } from "@/lib/permission-words";
import { permissionsOfRole, ROLES } from "@/lib/permissions";

test("what is said of a role holds each of its rights, and none that it has not", () => {
  for (const role of ROLES) {
    for (const isEverywhere of [true, false]) {
      const said = listRights(role, isEverywhere).flatMap((right) =>
        right === "all that a viewer may" ? listRights("viewer", isEverywhere) : [right],
      );
      const held = permissionsOfRole(role, isEverywhere).map((one) => PERMISSION_WORDS[one]);
      expect(said.sort()).toEqual(held.sort());
    }
  }
});

test("an admin of one project is not said to make projects", () => {
  expect(describeRole("admin", true)).toContain("make projects");
  expect(describeRole("admin", false)).not.toContain("make projects");
});

test("roles read as a sentence", () => {
  const memberships = [
    { project: null, role: "viewer" as const },
    { project: "checkout", role: "finance" as const },
  ];
  expect(describeMemberships(memberships)).toBe("Viewer in every project, finance in checkout");
  expect(describeMemberships([])).toBe("No role");
});
