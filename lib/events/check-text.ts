/** C0, DEL and C1. A tag with a line break or a bell in it cannot be shown, typed into a filter or exported. */
const CONTROL = /\p{Cc}/u;
/** A surrogate without its other half has no UTF-8: it would be stored as U+FFFD, two names becoming one. */
const LONE_SURROGATE = /\p{Cs}/u;
/** What nearly every text is, tested before the two above. */
const PLAIN = /^[ -~]*$/;
/** In metadata, tab and line breaks are text. */
const CONTROL_BUT_WHITESPACE = /[^\P{Cc}\t\n\r]/u;

/**
 * Checks the characters and length of a text.
 * @param maxLength in code points, as JSON Schema counts.
 * @returns what is wrong with it, or null.
 */
export function checkText(text: string, maxLength: number, isMultiline = false): string | null {
  if (text.length > maxLength && codePointCount(text) > maxLength) {
    return `must have at most ${maxLength} characters`;
  }
  if (PLAIN.test(text)) return null;
  if ((isMultiline ? CONTROL_BUT_WHITESPACE : CONTROL).test(text)) {
    return "must not contain control characters";
  }
  if (LONE_SURROGATE.test(text)) return "must be valid Unicode: it has half of a surrogate pair";
  return null;
}

function codePointCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
