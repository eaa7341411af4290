/** How far the clocks of both ends may be apart, and how long a notice can be replayed. */
const TOLERANCE_SECONDS = 300;

/**
 * Code for the receiver of a signed webhook, in plain JavaScript for Node: what others send and what is sent again later
 * is refused. The body is signed as it arrives, before anything parses it.
 */
export function verificationSample(): string {
  // Line by line: what reads this file for its imports must not take these for its own.
  return `${[
    'import { createHmac, timingSafeEqual } from "node:crypto";',
    "",
    "// header: Outlay-Signature. body: the request's own bytes, as text.",
    "export function isFromOutlay(secret, header, body) {",
    '  const parts = Object.fromEntries(header.split(",").map((part) => part.split("=")));',
    "  const age = Math.abs(Date.now() / 1000 - Number(parts.t));",
    `  if (!(age <= ${TOLERANCE_SECONDS})) return false;`,
    '  const wanted = createHmac("sha256", secret).update(parts.t + "." + body).digest();',
    '  const given = Buffer.from(parts.v1 ?? "", "hex");',
    "  return given.length === wanted.length && timingSafeEqual(given, wanted);",
    "}",
    "// A notice that is tried again has the same Outlay-Notice-Id: keep the ids you took for a day.",
  ].join("\n")}\n`;
}
