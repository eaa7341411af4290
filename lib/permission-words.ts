import {
  type KeyScope,
  type Permission,
  permissionsOfRole,
  permissionsOfScope,
  type Role,
} from "@/lib/permissions";

/** Each permission as a person would say it, after "may". What a role or a scope may do is read from the table. */
export const PERMISSION_WORDS: Record<Permission, string> = {
  "events.write": "send events",
  "spend.read": "see what was spent",
  "calls.read": "see single calls, sessions and rejected events",
  "content.read": "read prompts and answers, where they are kept",
  "calls.reprice": "price calls again",
  "calls.void": "take calls out of the sums",
  "calls.erase": "erase a user or a session",
  "rejections.retry": "retry rejected events",
  "projects.read": "see projects",
  "projects.write": "change a project and how long its calls are kept",
  "projects.create": "make projects and remove a demo",
  "keys.read": "see keys (never the key itself)",
  "keys.write": "make, rotate and revoke keys",
  "keys.write_installation": "make keys for every project",
  "prices.read": "see prices",
  "prices.write": "set prices",
  "prices.write_everywhere": "set prices for every project",
  "views.read": "open saved views",
  "views.save": "save views of their own",
  "views.share": "share views with everybody",
  "views.manage": "rename and delete views that others shared",
  "budgets.read": "see budgets",
  "budgets.write": "set and remove budgets",
  "budgets.write_everywhere": "set budgets for every project",
  "budgets.unlock": "unlock a budget that was locked",
  "alerts.read": "see alerts and who was told",
  "alerts.handle": "acknowledge, snooze and resend alerts",
  "alerts.write_rules": "say what raises an alert",
  "channels.read": "see where notices go",
  "channels.write": "say where notices go",
  "policy.read": "ask what it may spend",
  "switches.read": "see kill switches",
  "switches.engage": "stop agents with a kill switch",
  "switches.release": "release a kill switch",
  "switches.write_everywhere": "stop and release everything at once",
  "integrity.read": "see whether the numbers agree",
  "integrity.check": "have the numbers compared now",
  "users.read": "see the members",
  "users.write": "add members, change roles and deactivate people",
  "settings.read": "see settings and health",
  "settings.write": "name the organisation and set its time zone",
};

/** What a role may do, in words, in the order of the table. */
export function wordsOfRole(role: Role, isEverywhere: boolean): string[] {
  return permissionsOfRole(role, isEverywhere).map((permission) => PERMISSION_WORDS[permission]);
}

/** What a key with a scope may do, in words; empty for a scope that nothing asks for yet. */
export function wordsOfScope(scope: KeyScope, isInstallation: boolean): string[] {
  return permissionsOfScope(scope, isInstallation).map((one) => PERMISSION_WORDS[one]);
}
