/**
 * Every address of the dashboard. The nav, links and redirects read this table and nothing else.
 * `noun` is the word the code uses for what the screen shows (Explore shows spend); `g` and then `letter` goes there;
 * `hasRange` tells whether it shows a range of time.
 */
export const SCREENS = [
  {
    id: "overview",
    noun: "spend",
    label: "Overview",
    path: "/overview",
    letter: "o",
    hasRange: false,
  },
  { id: "explore", noun: "spend", label: "Explore", path: "/explore", letter: "e", hasRange: true },
  {
    id: "coding-agents",
    noun: "spend",
    label: "Coding agents",
    path: "/coding-agents",
    letter: "d",
    hasRange: true,
  },
  {
    id: "sessions",
    noun: "sessions",
    label: "Sessions",
    path: "/sessions",
    letter: "s",
    hasRange: true,
  },
  { id: "calls", noun: "calls", label: "Calls", path: "/calls", letter: "c", hasRange: true },
  {
    id: "budgets",
    noun: "budgets",
    label: "Budgets",
    path: "/budgets",
    letter: "b",
    hasRange: false,
  },
  {
    id: "controls",
    noun: "kill-switches",
    label: "Controls",
    path: "/controls",
    letter: "k",
    hasRange: false,
  },
  {
    id: "alerts",
    noun: "alerts",
    label: "Alerts",
    path: "/alerts",
    letter: "a",
    hasRange: false,
  },
  { id: "prices", noun: "prices", label: "Prices", path: "/prices", letter: "p", hasRange: true },
  {
    id: "integrity",
    noun: "integrity",
    label: "Integrity",
    path: "/integrity",
    letter: "i",
    hasRange: false,
  },
  {
    id: "settings",
    noun: "settings",
    label: "Settings",
    path: "/settings",
    letter: ",",
    hasRange: false,
  },
] as const;

export type ScreenId = (typeof SCREENS)[number]["id"];

export const OVERVIEW_PATH = "/overview";
export const EXPLORE_PATH = "/explore";
export const SESSIONS_PATH = "/sessions";
export const COMPARE_SESSIONS_PATH = "/sessions/compare";
/** A trace's page: the same as a session's. */
export const TRACES_PATH = "/traces";
export const CALLS_PATH = "/calls";
export const BUDGETS_PATH = "/budgets";
export const CONTROLS_PATH = "/controls";
export const ALERTS_PATH = "/alerts";
export const PRICES_PATH = "/prices";
export const INTEGRITY_PATH = "/integrity";
export const SIGN_IN_PATH = "/sign-in";
export const JOIN_PATH = "/join";

/** The pages of Settings, in the order of their nav. The first one is where Settings begins. */
export const SETTINGS_SECTIONS = [
  { id: "projects", label: "Projects", path: "/settings/projects" },
  { id: "keys", label: "Keys", path: "/settings/keys" },
  { id: "members", label: "Members", path: "/settings/members" },
  { id: "channels", label: "Channels", path: "/settings/channels" },
  { id: "alert-rules", label: "Alerts", path: "/settings/alerts" },
  { id: "organisation", label: "Organisation", path: "/settings/organisation" },
  { id: "health", label: "Health", path: "/settings/health" },
  { id: "erasure", label: "Erasure", path: "/settings/erasure" },
] as const;

export const CHANNELS_PATH = "/settings/channels";

/** The value of `dialog` in an address that opens what a page makes: a key, a member. */
export const NEW_DIALOG = "new";
/** The value of `dialog` that opens a new budget, on any page that has it. */
export const CAP_DIALOG = "new-budget";

/** True for a screen that shows a range of time. A page below one (a single call) does not. */
export function isOfRange(pathname: string): boolean {
  return SCREENS.some(({ path, hasRange }) => hasRange && path === pathname);
}

/**
 * One call's page. Ids may hold any character and are unique within a project, hence `project`; the
 * timestamp is part of a call's identity, and with it the call is found at once.
 */
export function callPath({ id, project, timestamp }: CallIdentity): string {
  const query = new URLSearchParams({ project, at: timestamp });
  return withQuery(`${CALLS_PATH}/${encodeURIComponent(id)}`, query);
}

/** What one session is found by: its own name, or the trace that is the session. Names are unique within a project. */
export interface SessionRef {
  kind: "session" | "trace";
  id: string;
  /** Its slug. */
  project: string;
}

/** A session's page, or a trace's: its tree of steps. */
export function sessionPath({ kind, id, project }: SessionRef, query = new URLSearchParams()) {
  const search = new URLSearchParams(query);
  search.set("project", project);
  const path = kind === "session" ? SESSIONS_PATH : TRACES_PATH;
  return withQuery(`${path}/${encodeURIComponent(id)}`, search);
}

/** One budget's page. */
export function budgetPath(id: string, query = new URLSearchParams()): string {
  return withQuery(`${BUDGETS_PATH}/${encodeURIComponent(id)}`, query);
}

interface CallIdentity {
  id: string;
  project: string;
  /** RFC 3339. */
  timestamp: string;
}

/** A path with a query, left out when it is empty. */
export function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The sign-in page, which leads back to `returnTo` (a path of this site). */
export function signInPath(returnTo: string): string {
  return withQuery(SIGN_IN_PATH, new URLSearchParams({ callbackUrl: returnTo }));
}

/** The page of a one-time link, where a person chooses a password. */
export function joinPath(token: string): string {
  return withQuery(JOIN_PATH, new URLSearchParams({ token }));
}
