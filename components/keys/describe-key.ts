import type { KeyAnswer } from "@/lib/keys/key-schemas";
import { wordsOfScope } from "@/lib/permission-words";
import { KEY_SCOPES, type KeyScope } from "@/lib/permissions";

/** What a scope is called where people choose it. */
const SCOPE_NAMES: Record<KeyScope, string> = {
  ingest: "Send events",
  guard: "Ask the guard",
  read: "Read figures",
  content: "Read prompts",
  admin: "Manage",
};

/** A scope to choose, in plain words. */
export interface ScopeChoice {
  scope: KeyScope;
  label: string;
  /** "May send events." */
  meaning: string;
}

/** The scopes that let a key do something; one that nothing asks for yet would be a promise. */
export function listScopeChoices(isInstallation: boolean): ScopeChoice[] {
  return KEY_SCOPES.flatMap((scope) => {
    const words = wordsOfScope(scope, isInstallation);
    if (words.length === 0) return [];
    return [{ scope, label: SCOPE_NAMES[scope], meaning: `May ${joinWords(words)}.` }];
  });
}

/** A key's scopes by the names people chose them by: "Send events, read figures". */
export function describeScopes(scopes: readonly KeyScope[]): string {
  const names = KEY_SCOPES.filter((scope) => scopes.includes(scope)).map(
    (scope) => SCOPE_NAMES[scope],
  );
  const text = names.join(", ").toLowerCase();
  return text === "" ? "Nothing" : text.charAt(0).toUpperCase() + text.slice(1);
}

const LOSSES: Record<KeyScope, string> = {
  ingest: "Events sent with it are refused and not counted.",
  guard: "Agents that ask it before a call are refused, and do as they are set up for that.",
  read: "Programs that read figures with it are refused.",
  content: "Programs that read prompts with it are refused.",
  admin: "Programs that manage prices, keys or projects with it are refused.",
};

/** What stops when a key is revoked, for the question before it. */
export function listLosses({ scopes }: Pick<KeyAnswer, "scopes">): string[] {
  return scopes.map((scope) => LOSSES[scope]);
}

/** `a`, `a and b`, `a, b and c`. */
function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** Keys that work, and those that were taken back; each in the order given. */
export function splitKeys(keys: readonly KeyAnswer[]): { live: KeyAnswer[]; revoked: KeyAnswer[] } {
  return {
    live: keys.filter((key) => key.revoked_at === null),
    revoked: keys.filter((key) => key.revoked_at !== null),
  };
}
