const encoder = new TextEncoder();

/** UTF-8 bytes. */
export function byteLength(text: string): number {
  // Nearly all are ASCII, whose length is told at once.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text) ? text.length : encoder.encode(text).length;
}
