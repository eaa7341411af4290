import { RE2JS } from "re2js";
import type { Finding } from "@/lib/contents/find-secrets";
import type { RedactionPattern } from "@/lib/contents/redaction-pattern";

/** A project's own patterns, ready to look. */
export interface OwnPatterns {
  /**
   * What they find in a text.
   * @param untilMs by `performance.now()`. @returns null where that came first: then nothing is known of the text.
   */
  find(text: string, untilMs: number): Finding[] | null;
}

/** How long a pattern may take for a trial text at saving. */
const TRIAL_MS = 100;
const TRIAL_LENGTH = 8_192;
/** Looking at a clock costs more than finding a short match. */
const FINDS_A_LOOK = 16;
const compiled = new WeakMap<readonly RedactionPattern[], OwnPatterns>();

/**
 * Makes patterns ready, once for a list. They are RE2's: a hostile text cannot make one search take longer than in
 * proportion to its length, as JavaScript's own expressions let it. Finding *all* can still take the square of it, which
 * is what the time is for.
 */
export function compilePatterns(patterns: readonly RedactionPattern[]): OwnPatterns {
  const known = compiled.get(patterns);
  if (known) return known;
  const made = patterns.map(({ name, pattern }) => ({ name, regex: RE2JS.compile(pattern) }));
  const own = { find: (text: string, untilMs: number) => findAll(made, text, untilMs) };
  compiled.set(patterns, own);
  return own;
}

/** Why a pattern cannot be used, in words that follow its name; null: it can. */
export function describePatternFault(pattern: string): string | null {
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : "it cannot be read";
    return `is no regular expression of RE2's syntax: ${reason}`;
  }
  if (regex.matcher("").find()) return "matches nothing at all, and so every place of a text";
  const trials = ["x", "0", "a ", "x@y.", "-1"].map((text) =>
    text.repeat(TRIAL_LENGTH / text.length),
  );
  for (const text of trials) {
    const own = [{ name: "trial", regex }];
    if (findAll(own, text, performance.now() + TRIAL_MS) === null) {
      return "takes too long: say what it begins with, and bound what repeats";
    }
  }
  return null;
}

function findAll(
  patterns: readonly { name: string; regex: RE2JS }[],
  text: string,
  untilMs: number,
): Finding[] | null {
  const found: Finding[] = [];
  let finds = 0;
  for (const { name, regex } of patterns) {
    const matcher = regex.matcher(text);
    if (performance.now() > untilMs) return null;
    while (matcher.find()) {
      const start = matcher.start();
      const end = matcher.end();
      if (end > start) found.push({ start, end, name });
      if (++finds % FINDS_A_LOOK === 0 && performance.now() > untilMs) return null;
    }
  }
  return found;
}
