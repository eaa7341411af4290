/**
 * Characters that change how what stands around them looks, or cannot be seen: a text with them can read as something
 * else than it says. Line feeds and tabs are none of them.
 */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
/** What joins emoji, or colours them, is a part of a character there. */
const EMOJI_PART = /^[\u200d\ufe0f]$/;
const AFTER_EMOJI = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;

/** A stretch of a text: as it is, or a character that is shown by its number. */
export interface Stretch {
  text: string;
  isHidden: boolean;
}

/** Splits a text so that what cannot be seen is seen: `U+202E` stands where it stood. */
export function splitHidden(text: string): Stretch[] {
  const lines = text.replaceAll("\r\n", "\n");
  const stretches: Stretch[] = [];
  let at = 0;
  for (const { index, 0: hidden } of lines.matchAll(HIDDEN)) {
    const before = lines.slice(Math.max(0, index - 2), index);
    if (EMOJI_PART.test(hidden) && AFTER_EMOJI.test(before)) continue;
    stretches.push({ text: lines.slice(at, index), isHidden: false });
    const code = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    stretches.push({ text: `U+${code}`, isHidden: true });
    at = index + hidden.length;
  }
  stretches.push({ text: lines.slice(at), isHidden: false });
  return stretches.filter((stretch) => stretch.text !== "");
}

/** A short text, a name or an id, with what cannot be seen by its number. */
export function showHidden(text: string): string {
  return splitHidden(text)
    .map((stretch) => stretch.text)
    .join("");
}
