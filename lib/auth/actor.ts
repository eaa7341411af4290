import type { Db } from "@/db/postgres";
import { OutlayError } from "@/lib/errors";
import {
  canKey,
  canMember,
  holdersOf,
  type KeyScope,
  type Membership,
  type Permission,
} from "@/lib/permissions";

/** A signed-in person. */
export interface UserActor {
  type: "user";
  id: string;
  name: string;
  email: string;
  memberships: readonly Membership[];
}

/** A machine with a key. */
export interface KeyActor {
  type: "key";
  id: string;
  name: string;
  projectId: string;
  scopes: readonly KeyScope[];
  isInstallation: boolean;
}

/** The process itself: what it does at start and in the background. It may do everything. */
export interface SystemActor {
  type: "system";
  /** Name of the job. */
  id: string;
  name: string;
}

export type Actor = UserActor | KeyActor | SystemActor;

/** What every verb is given first: who acts, in which store, for which request. */
export interface ActionContext {
  actor: Actor;
  db: Db;
  requestId: string | null;
}

/** Whether somebody may do something in a project; `null` asks for every project. */
export function can(actor: Actor, permission: Permission, projectId: string | null): boolean {
  if (actor.type === "system") return true;
  return actor.type === "user"
    ? canMember(actor, permission, projectId)
    : canKey(actor, permission, projectId);
}

/** @throws OutlayError `forbidden`, saying who holds the permission. */
export function requirePermission(
  actor: Actor,
  permission: Permission,
  projectId: string | null,
): void {
  if (!can(actor, permission, projectId)) throw forbidden(actor, permission);
}

/** The refusal of `permission`, in words that tell whom to ask. */
export function forbidden(actor: Actor, permission: Permission): OutlayError {
  const { roles, scope } = holdersOf(permission);
  const detail =
    actor.type === "key"
      ? `This key may not do that: it takes the scope ${scope} (${permission}).`
      : `Your role does not allow that. It takes ${roles.join(" or ") || "a key"} (${permission}).`;
  return new OutlayError("forbidden", detail);
}
