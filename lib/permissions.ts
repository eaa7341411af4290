/**
 * THE permission table: who may do what. A person's right comes from a role, a machine's from a key's
 * scope. Nothing else decides: apiRoute and every verb ask here. This file is safe in a browser, so
 * that a screen hides what its reader may not do (the server still refuses it).
 */
export const ROLES = ["viewer", "finance", "engineer", "admin"] as const;
export type Role = (typeof ROLES)[number];

export const KEY_SCOPES = ["ingest", "guard", "read", "content", "admin"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

interface Rule {
  /** Roles that hold it; empty: machines only. */
  roles: readonly Role[];
  /** Scope of a key that holds it. */
  scope: KeyScope;
  /** `installation`: only with a membership in every project, or by an installation key. */
  reach: "project" | "installation";
}

const EVERYBODY: readonly Role[] = ROLES;

const TABLE = {
  "events.write": { roles: [], scope: "ingest", reach: "project" },
  "spend.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  "calls.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // Prompts and answers can hold anything: for who mends agents, not for who reads the bill.
  "content.read": { roles: ["engineer", "admin"], scope: "content", reach: "project" },
  // What changes what was spent is a statement about money: finance owns it.
  "calls.reprice": { roles: ["finance", "admin"], scope: "admin", reach: "project" },
  "calls.void": { roles: ["finance", "admin"], scope: "admin", reach: "project" },
  // It cannot be undone, and is done for the person's sake, not for the books'.
  "calls.erase": { roles: ["admin"], scope: "admin", reach: "project" },
  // It changes what was spent by what was really sent: who mends agents may, who only reads may not.
  "rejections.retry": { roles: ["engineer", "admin"], scope: "admin", reach: "project" },
  "projects.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  "projects.write": { roles: ["admin"], scope: "admin", reach: "project" },
  "projects.create": { roles: ["admin"], scope: "admin", reach: "installation" },
  // A key opens a project's data, so who may list keys is who may debug an agent with one.
  "keys.read": { roles: ["engineer", "admin"], scope: "admin", reach: "project" },
  "keys.write": { roles: ["admin"], scope: "admin", reach: "project" },
  // It acts on every project, so nobody below that reach may make one.
  "keys.write_installation": { roles: ["admin"], scope: "admin", reach: "installation" },
  "prices.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // A price is a statement about money: finance owns it.
  "prices.write": { roles: ["finance", "admin"], scope: "admin", reach: "project" },
  "prices.write_everywhere": {
    roles: ["finance", "admin"],
    scope: "admin",
    reach: "installation",
  },
  "views.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // A bookmark of what one may read anyway, seen by nobody else: a viewer's daily figure is worth one too.
  "views.save": { roles: EVERYBODY, scope: "admin", reach: "project" },
  // It stands in everybody's menu, and what it is called is read as a statement about the money.
  "views.share": { roles: ["finance", "engineer", "admin"], scope: "admin", reach: "project" },
  // What others shared: somebody has to clear up behind who left.
  "views.manage": { roles: ["admin"], scope: "admin", reach: "project" },
  "budgets.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // A cap is a statement about money: finance owns it. Whoever it binds must not lift it.
  "budgets.write": { roles: ["finance", "admin"], scope: "admin", reach: "project" },
  // It binds every project's calls.
  "budgets.write_everywhere": {
    roles: ["finance", "admin"],
    scope: "admin",
    reach: "installation",
  },
  // It lifts what stopped a runaway: whoever does it says why, and answers for it.
  "budgets.unlock": { roles: ["admin"], scope: "admin", reach: "project" },
  "alerts.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // Whoever is at it says so. What stops calls is told whatever is snoozed.
  "alerts.handle": { roles: ["finance", "engineer", "admin"], scope: "admin", reach: "project" },
  // A rule that is off tells nobody of what it would have found.
  "alerts.write_rules": { roles: ["admin"], scope: "admin", reach: "project" },
  // It says whom Outlay tells; a viewer has nothing to set up by it.
  "channels.read": { roles: ["finance", "engineer", "admin"], scope: "admin", reach: "project" },
  // It sends what projects spend to an address outside.
  "channels.write": { roles: ["admin"], scope: "admin", reach: "project" },
  // Machines: what they need to decide by themselves.
  "policy.read": { roles: [], scope: "guard", reach: "project" },
  "switches.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // Stopping is the safe side, and who runs the agents is awake when they run away.
  "switches.engage": { roles: ["engineer", "admin"], scope: "admin", reach: "project" },
  // Whoever stopped may not know why others want it stopped.
  "switches.release": { roles: ["admin"], scope: "admin", reach: "project" },
  // It stops everybody.
  "switches.write_everywhere": { roles: ["admin"], scope: "admin", reach: "installation" },
  "integrity.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  // It changes no figure, and costs the stores some work.
  "integrity.check": { roles: ["engineer", "admin"], scope: "admin", reach: "project" },
  // Whoever lacks a right must find out whom to ask for it.
  "users.read": { roles: EVERYBODY, scope: "admin", reach: "project" },
  // Who gives roles gives every right there is, so nobody below that reach may.
  "users.write": { roles: ["admin"], scope: "admin", reach: "installation" },
  "settings.read": { roles: EVERYBODY, scope: "read", reach: "project" },
  "settings.write": { roles: ["admin"], scope: "admin", reach: "installation" },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof TABLE;
export const PERMISSIONS = Object.keys(TABLE) as Permission[];

/** A person's role in one project, or in every one (`projectId` null). */
export interface Membership {
  projectId: string | null;
  role: Role;
}

/** What a decision needs to know of a person. */
export interface MemberRights {
  memberships: readonly Membership[];
}

/** What a decision needs to know of a key. */
export interface KeyRights {
  projectId: string;
  scopes: readonly KeyScope[];
  isInstallation: boolean;
}

/** Roles a person holds in a project; several memberships add up. `null` asks for every project. */
export function rolesIn(rights: MemberRights, projectId: string | null): Role[] {
  return rights.memberships
    .filter((m) => m.projectId === null || (projectId !== null && m.projectId === projectId))
    .map((m) => m.role);
}

/**
 * Whether a person may do something in a project (`null`: in all of them, now and later).
 * A right that reaches the whole installation ignores the project.
 */
export function canMember(rights: MemberRights, permission: Permission, projectId: string | null) {
  const rule: Rule = TABLE[permission];
  const target = rule.reach === "installation" ? null : projectId;
  return rolesIn(rights, target).some((role) => rule.roles.includes(role));
}

/** Whether a key may do something in a project (`null`: in all of them). */
export function canKey(rights: KeyRights, permission: Permission, projectId: string | null) {
  const rule: Rule = TABLE[permission];
  if (!rights.scopes.includes(rule.scope)) return false;
  if (rights.isInstallation) return true;
  return rule.reach === "project" && projectId !== null && projectId === rights.projectId;
}

/** Who holds a permission, in words: for the sentence that tells a person whom to ask. */
export function holdersOf(permission: Permission): { roles: readonly Role[]; scope: KeyScope } {
  const rule: Rule = TABLE[permission];
  return { roles: rule.roles, scope: rule.scope };
}

/** What a role may do: in one project, or with `isEverywhere` in all of them, now and later. */
export function permissionsOfRole(role: Role, isEverywhere: boolean): Permission[] {
  const rights = { memberships: [{ projectId: isEverywhere ? null : "one", role }] };
  return PERMISSIONS.filter((permission) => canMember(rights, permission, "one"));
}

/** What a scope lets a key do: in its own project, or as an installation key everywhere. */
export function permissionsOfScope(scope: KeyScope, isInstallation: boolean): Permission[] {
  const rights = { projectId: "one", scopes: [scope], isInstallation };
  return PERMISSIONS.filter((permission) => canKey(rights, permission, "one"));
}
