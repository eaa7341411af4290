import { OutlayError } from "@/lib/errors";

const FULL_RETRY_SECONDS = 10;

/** What a request is answered of which nothing can be kept. */
export function noRoom(): OutlayError {
  const detail = "The spool is full. Nothing of this request was kept; send it again later.";
  return new OutlayError("unavailable", detail, { retryAfterSeconds: FULL_RETRY_SECONDS });
}
