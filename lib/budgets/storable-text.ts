/**
 * A sender's text as PostgreSQL can keep it: its text holds no zero byte, and its JSON no half of a surrogate pair.
 * Whoever makes a counter's value or period of a tag goes through here, or one odd name would stop the counters of all.
 */
export function storableText(text: string): string {
  return text.replace(/[\0\uD800-\uDFFF]/gu, "\uFFFD");
}
