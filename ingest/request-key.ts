import type { IncomingHttpHeaders } from "node:http";

/**
 * The key of a request: `Authorization: Bearer <key>` or `x-api-key`; null where there is none.
 * `OTEL_EXPORTER_OTLP_HEADERS` is to be percent-encoded, and not every SDK decodes it: its space may come as `%20`.
 * Clients of Langfuse know Basic only: their secret key is ours.
 */
export function readRequestKey(headers: IncomingHttpHeaders): string | null {
  const [, scheme, value] =
    /^(Bearer|Basic)(?: |%20)+(\S+) *$/i.exec(headers.authorization ?? "") ?? [];
  if (value) return scheme?.toLowerCase() === "bearer" ? value : passwordOf(value);
  const header = headers["x-api-key"];
  return typeof header === "string" && header !== "" ? header : null;
}

/** The password of Basic credentials. */
function passwordOf(credentials: string): string | null {
  const text = Buffer.from(credentials, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return (colon < 0 ? "" : text.slice(colon + 1)) || null;
}
