import { OutlayError } from "@/lib/errors";
import { PEOPLE_OPERATIONS } from "@/lib/openapi/people-operations";

/** Paths of the people's API that are no operation of it. */
const OTHER_PATHS: Record<string, readonly string[]> = { "/api/openapi.json": ["GET"] };

/** next-auth answers everything below it, in its own way. */
const AUTH = /^\/api\/auth\//;

interface KnownPath {
  pattern: RegExp;
  methods: readonly string[];
}

/**
 * What is wrong with a request's path or method before any route sees it: Next would answer an unknown path
 * with a page, a known one's other methods with no body, and a broken escape with 500.
 * @param url path and query, as the client sent them
 * @returns null where a route or page may answer
 */
export function checkApiRequest(method: string, url: string): OutlayError | null {
  const path = url.split("?")[0] ?? "";
  if (!isReadable(path)) {
    return new OutlayError("bad_request", "The address has an escape that is not UTF-8.");
  }
  if (!/^\/api(\/|$)/.test(path) || AUTH.test(path)) return null;
  // Next redirects a trailing slash to the path without it.
  const known = KNOWN_PATHS.find(({ pattern }) => pattern.test(path.replace(/(.)\/$/, "$1")));
  if (!known) return new OutlayError("not_found", "There is nothing at this address.");
  if (known.methods.includes(method) || method === "OPTIONS") return null;
  return new OutlayError("method_not_allowed", `Allowed here: ${known.methods.join(", ")}.`);
}

/** The methods of a known path, for the header `Allow`; empty for an unknown one. */
export function listAllowedMethods(url: string): readonly string[] {
  const path = url.split("?")[0] ?? "";
  return KNOWN_PATHS.find(({ pattern }) => pattern.test(path))?.methods ?? [];
}

const KNOWN_PATHS: readonly KnownPath[] = listKnownPaths();

function listKnownPaths(): KnownPath[] {
  const methods = new Map<string, string[]>();
  for (const [path, names] of Object.entries(OTHER_PATHS)) methods.set(path, [...names]);
  for (const { path, method } of PEOPLE_OPERATIONS) {
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  return [...methods].map(([path, names]) => ({
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    // Next answers HEAD with a GET's handler.
    methods: names.includes("GET") ? [...names, "HEAD"] : names,
  }));
}

function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
