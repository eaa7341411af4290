import { type Finding, findSecrets } from "@/lib/contents/find-secrets";
import type { OwnPatterns } from "@/lib/contents/own-patterns";

/** What stands in the place of what was taken out. */
const MARK = /\(redacted: [a-z0-9 _-]{1,32}\)/g;
/** Instead of a text that the project's own patterns had no time for: what was not looked at is not kept. */
export const NOT_LOOKED_AT = "(not kept: the project's own patterns took too long)";

/** What is taken out can free what stood right beside it: `4111 1111 1111 1111sk-…` is a card, and then a key. */
const MAX_PASSES = 8;

/** What was taken out of something, by name. */
export type RedactionCounts = Map<string, number>;

/**
 * Takes e-mail addresses, card numbers, keys and what a project's own patterns find out of a text. What is marked as
 * taken out already stays as it is, so doing it twice is doing it once.
 * @param counts what was taken out is added
 */
export function redactText(
  text: string,
  own: { patterns: OwnPatterns; untilMs: number } | null,
  counts: RedactionCounts,
): string {
  let redacted = text;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = redacted;
    redacted = redactOnce(before, own, counts);
    if (redacted === before) break;
  }
  return redacted;
}

function redactOnce(
  text: string,
  own: { patterns: OwnPatterns; untilMs: number } | null,
  counts: RedactionCounts,
): string {
  const ownFound = own ? own.patterns.find(text, own.untilMs) : [];
  if (ownFound === null) {
    count(counts, "not looked at");
    return NOT_LOOKED_AT;
  }
  const found = [...findSecrets(text), ...ownFound];
  if (found.length === 0) return text;
  const marks = [...text.matchAll(MARK)].map(({ index, 0: mark }) => {
    return { start: index, end: index + mark.length };
  });
  let redacted = "";
  let at = 0;
  for (const { start, end, name } of join(outside(found, marks))) {
    redacted += `${text.slice(at, start)}(redacted: ${name})`;
    at = end;
    count(counts, name);
  }
  return redacted + text.slice(at);
}

function count(counts: RedactionCounts, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Findings that are no mark, nor a part of one. One that holds a whole mark takes it in. */
function outside(found: Finding[], marks: readonly { start: number; end: number }[]): Finding[] {
  if (marks.length === 0) return found;
  const sorted = found.sort((a, b) => a.start - b.start);
  let next = 0;
  return sorted.filter(({ start, end }) => {
    while ((marks[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next++;
    const mark = marks[next];
    if (mark === undefined || mark.start >= end) return true;
    return start <= mark.start && end >= mark.end && end - start > mark.end - mark.start;
  });
}

/** Overlapping findings are one, with the name of the one that begins first. */
function join(found: Finding[]): Finding[] {
  const joined: Finding[] = [];
  for (const finding of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last && finding.start < last.end) last.end = Math.max(last.end, finding.end);
    else joined.push({ ...finding });
  }
  return joined;
}
