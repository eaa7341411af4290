import type { SpanErrorType } from "@/lib/traces/span-facts";

const BY_HTTP_STATUS: Readonly<Record<string, SpanErrorType>> = {
  "400": "validation",
  "401": "authentication",
  "402": "rate_limit",
  "403": "authentication",
  "404": "validation",
  "405": "validation",
  "408": "timeout",
  "409": "validation",
  "413": "validation",
  "415": "validation",
  "422": "validation",
  "429": "rate_limit",
  "499": "cancelled",
  "504": "timeout",
};

/** By the words that providers, libraries and languages use; the first that fits counts. */
const BY_WORD: readonly [RegExp, SpanErrorType][] = [
  [
    /rate.?limit|too.?many.?requests|quota|resource.?exhausted|throttl|insufficient_quota/i,
    "rate_limit",
  ],
  [/time.?d?.?out|deadline.?exceeded|etimedout/i, "timeout"],
  [/abort|cancel|interrupt/i, "cancelled"],
  [
    /authenticat|unauthori[sz]ed|unauthenticated|permission|forbidden|invalid.?api.?key/i,
    "authentication",
  ],
  [
    /bad.?request|invalid.?(request|argument|input|prompt)|validation|unprocessable|not.?found|context.?length/i,
    "validation",
  ],
];

/**
 * Why something failed, in the contract's words.
 * @param told error types, HTTP statuses and messages, the most telling first
 * @returns `unknown` where none of them says it
 */
export function readErrorType(told: readonly string[]): SpanErrorType {
  for (const text of told) {
    const status = /^[45]\d\d$/.test(text.trim()) ? text.trim() : findStatus(text);
    const byStatus = status ? BY_HTTP_STATUS[status] : undefined;
    if (byStatus) return byStatus;
    // A message may be a page of HTML; what it says stands at its beginning.
    const head = text.slice(0, 500);
    const byWord = BY_WORD.find(([pattern]) => pattern.test(head))?.[1];
    if (byWord) return byWord;
  }
  return "unknown";
}

/** "429 You exceeded…", "Error code: 401 - …", "status code 400", `{"code":400`, "… failed (429)". */
function findStatus(text: string): string | undefined {
  return /^(?:error[: ]+)?([45]\d\d)\b|\b(?:status(?:.?code)?|code)["':= ]+([45]\d\d)\b|\b([45]\d\d)\)?\.?$/i
    .exec(text.slice(0, 500))
    ?.slice(1)
    .find(Boolean);
}
