"use client";

import { useWorkspace } from "@/components/layout/workspace";
import { canMember, type Permission } from "@/lib/permissions";

/**
 * Whether the signed-in person may do something in a project, by its slug; `null` asks for all of them, now and later.
 * By the same table as the server, which refuses it whatever a screen shows.
 */
export function useMay(): (permission: Permission, project: string | null) => boolean {
  const { me } = useWorkspace();
  // A slug names a project as well as its id does, as long as both sides use it.
  const memberships = me.memberships.map(({ project, role }) => ({ projectId: project, role }));
  return (permission, project) => canMember({ memberships }, permission, project);
}
