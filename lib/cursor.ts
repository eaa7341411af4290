import { createHmac, timingSafeEqual } from "node:crypto";
import { OutlayError } from "@/lib/errors";

/**
 * Opaque cursors: what a page ended with, and what it was a page of, under a signature. A cursor that
 * was altered, or is used with other filters, is refused instead of giving a page of something else.
 */

/** Makes the cursor of the next page. @param question everything the pages depend on, such as the filters */
export function writeCursor(secret: string, question: unknown, position: unknown): string {
  const payload = Buffer.from(JSON.stringify(position)).toString("base64url");
  return `${payload}.${sign(secret, question, payload)}`;
}

/**
 * Reads a cursor back.
 * @throws OutlayError `bad_request` when it is altered, or was made for another question.
 */
export function readCursor(secret: string, question: unknown, cursor: string): unknown {
  const [payload = "", signature = "", ...rest] = cursor.split(".");
  const expected = Buffer.from(sign(secret, question, payload));
  const given = Buffer.from(signature);
  const isOurs =
    rest.length === 0 && given.length === expected.length && timingSafeEqual(given, expected);
  if (!isOurs) {
    throw new OutlayError("bad_request", "This cursor is not one of this question's pages.", {
      errors: [{ path: "cursor", message: "was altered, or belongs to other filters" }],
    });
  }
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
}

function sign(secret: string, question: unknown, payload: string): string {
  const text = JSON.stringify([question, payload]);
  return createHmac("sha256", secret)
    .update("cursor")
    .update(text)
    .digest("base64url")
    .slice(0, 22);
}
