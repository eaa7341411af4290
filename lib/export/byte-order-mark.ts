const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The lines of a file that a spreadsheet is to open: Excel takes UTF-8 for another code unless a mark says it, and
 * every name that is not English breaks. Programs take the mark for a part of the first name, so only a button asks
 * for it.
 */
export async function* withByteOrderMark(
  lines: AsyncGenerator<string, void, void>,
): AsyncGenerator<string, void, void> {
  yield BYTE_ORDER_MARK;
  yield* lines;
}
