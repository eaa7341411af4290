/** Controls, and what turns the direction of the text around it or has no width at all. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/**
 * Somebody else's text on one line, as it is: what cannot be seen is written out (`\u202E`), so that no name looks like
 * another one or runs backwards over what stands beside it.
 */
export function printableName(text: string): string {
  return text.replace(UNSEEN, (character) =>
    /\s/.test(character) && character !== "\uFEFF"
      ? " "
      : `\\u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}
