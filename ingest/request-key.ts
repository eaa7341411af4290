import type { IncomingHttpHeaders } from "node:http";

/** The key of a request: `Authorization: Bearer <key>` or `x-api-key`; null where there is none. */
export function readRequestKey(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer) return bearer;
  const header = headers["x-api-key"];
  return typeof header === "string" && header !== "" ? header : null;
}
