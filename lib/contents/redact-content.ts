import { isCardNumber } from "@/lib/contents/find-secrets";
import { compilePatterns, type OwnPatterns } from "@/lib/contents/own-patterns";
import { type RedactionCounts, redactText } from "@/lib/contents/redact-text";
import type { RedactionPattern } from "@/lib/contents/redaction-pattern";
import type { CallContent } from "@/lib/traces/call-content";

/** The parts of what was said, in the order they share the room in: the answer first, then what led to it. */
export const CONTENT_PARTS = ["completion", "system", "messages", "tools"] as const;
export type ContentPart = (typeof CONTENT_PARTS)[number];

/** What is kept of what was said in a call. */
export interface RedactedContent {
  /** JSON text by part; what was not sent is not in it. */
  parts: Partial<Record<ContentPart, string>>;
  /** Parts of which something was left out, because they are too long. */
  cut: ContentPart[];
  /** How many of what were taken out. */
  redacted: RedactionCounts;
}

/** Characters of a call that are kept, names of members included. */
export const MAX_CONTENT_LENGTH = 256 * 1024;
const MAX_VALUES = 20_000;
const MAX_DEPTH = 64;
/** A secret that a cut would halve is whole in what is looked at, and what may be half a secret is not kept. */
const CUT_MARGIN = 1_024;
/** Time for a project's own patterns, of one call. */
const OWN_PATTERNS_MS = 250;
const CUT = "(cut)";

/** Names of members whose text is a secret, whatever it looks like. */
const SECRET_NAME =
  /^(?:x-)?(?:api[-_ ]?key|authorization|passw(?:or)?d|passphrase|secret|client[-_]?secret|(?:access|refresh|auth|bearer)[-_]?token|private[-_]?key|set-cookie|cookie)$/i;
/** Half of a character, which no UTF-8 can hold. */
const LONE = /\p{Surrogate}/gu;
/** Images and sounds: long, unreadable, and not what anybody looks for in a prompt. */
const DATA_URL = /^data:([\w.+-]{1,64}\/[\w.+-]{1,64})?[^,]{0,100},/;
const BASE64 = /^[A-Za-z0-9+/_-]{2048,}={0,2}$/;

/**
 * Takes secrets out of what was said, and bounds it: this is what may be written to a disk.
 * Any JSON goes in; objects, lists and the order of both stay. Takes time in proportion to the text.
 */
export function redactContent(
  content: CallContent,
  patterns: readonly RedactionPattern[],
): RedactedContent {
  const own = patterns.length > 0 ? compilePatterns(patterns) : null;
  const walk = new Walk(own);
  const parts: RedactedContent["parts"] = {};
  const cut: ContentPart[] = [];
  for (const part of CONTENT_PARTS) {
    const value = content[part];
    if (value === undefined || value === null) continue;
    walk.isCut = false;
    parts[part] = JSON.stringify(walk.take(value, 0, part === "messages"));
    if (walk.isCut) cut.push(part);
  }
  return { parts, cut, redacted: walk.counts };
}

class Walk {
  readonly counts: RedactionCounts = new Map();
  isCut = false;
  #left = MAX_CONTENT_LENGTH;
  #values = MAX_VALUES;
  readonly #own: { patterns: OwnPatterns; untilMs: number } | null;

  constructor(patterns: OwnPatterns | null) {
    this.#own = patterns && { patterns, untilMs: performance.now() + OWN_PATTERNS_MS };
  }

  /** @param isNewestFirst of a list the last values get the room first. */
  take(value: unknown, depth: number, isNewestFirst = false): unknown {
    if (--this.#values < 0 || depth > MAX_DEPTH) return this.#cut();
    if (typeof value === "string") return this.#takeText(value);
    if (typeof value === "number") return this.#takeNumber(value);
    if (Array.isArray(value)) return this.#takeList(value, depth, isNewestFirst);
    if (typeof value === "object" && value !== null) return this.#takeObject(value, depth);
    return value;
  }

  #takeList(list: readonly unknown[], depth: number, isNewestFirst: boolean): unknown[] {
    const taken: unknown[] = [];
    for (let i = 0; i < list.length; i++) {
      if (this.#values <= 0) {
        taken.push(this.#cut());
        break;
      }
      taken.push(this.take(list[isNewestFirst ? list.length - 1 - i : i], depth + 1));
    }
    return isNewestFirst ? taken.reverse() : taken;
  }

  #takeObject(object: object, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    const names = new Set<string>();
    for (const [key, value] of Object.entries(object)) {
      if (this.#values <= 0) {
        entries.push([CUT, this.#cut()]);
        break;
      }
      const redacted = this.#takeText(key);
      let name = redacted;
      for (let n = 2; names.has(name); n++) name = `${redacted} ${n}`;
      names.add(name);
      const isSecret = typeof value === "string" && value !== "" && SECRET_NAME.test(key);
      entries.push([name, isSecret ? this.#hide(value) : this.take(value, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #takeText(whole: string): string {
    const media = this.#describeMedia(whole);
    if (media) return media;
    const isLong = whole.length > this.#left;
    const text = (isLong ? whole.slice(0, this.#left + CUT_MARGIN) : whole).replace(LONE, "\ufffd");
    let redacted = redactText(text, this.#own, this.counts);
    if (isLong) {
      // What is left of a text that fits with its margin ends where it ended.
      const isWhole = whole.length <= this.#left + CUT_MARGIN;
      const end = Math.min(redacted.length - (isWhole ? 0 : CUT_MARGIN), this.#left);
      redacted = `${redacted.slice(0, Math.max(0, end)).replace(LONE, "\ufffd")} ${this.#cut()}`;
      this.#left = 0;
      return redacted;
    }
    this.#left = Math.max(0, this.#left - redacted.length);
    return redacted;
  }

  /** A card's number can be sent as one. */
  #takeNumber(value: number): unknown {
    if (!Number.isSafeInteger(value) || value < 1e12) return value;
    return isCardNumber(String(value)) ? this.#takeText(String(value)) : value;
  }

  #describeMedia(text: string): string | null {
    const url = text.startsWith("data:") ? DATA_URL.exec(text) : null;
    if (!url && !(text.length >= 2_048 && BASE64.test(text))) return null;
    const bytes = Math.floor(((text.length - (url?.[0].length ?? 0)) * 3) / 4);
    return `(not kept: ${url?.[1] ?? "base64"}, ${bytes} bytes)`;
  }

  #hide(value: string): string {
    if (/^\(redacted: [a-z0-9 _-]{1,32}\)$/.test(value)) return value;
    this.counts.set("key", (this.counts.get("key") ?? 0) + 1);
    return "(redacted: key)";
  }

  #cut(): string {
    this.isCut = true;
    return CUT;
  }
}
