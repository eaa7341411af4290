import { hashBytes } from "@/ingest/events/content-hash";

/** The parts of a row's text, in their order after the arrival members. */
export interface RowParts {
  /** UTF-8 of what all rows of a request begin with. */
  prefix: Buffer;
  /** What the sender said, in one order. */
  facts: string;
  /** What the sender said and the row does not keep in that form. */
  unkeptFacts: string;
  /** What was derived, and the end of the row. */
  derived: string;
}

/** Working memory, empty between calls. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024);
const HASH_BLOCK_BYTES = 16;

/**
 * Writes a row's bytes, and the hash of what the sender said. Each text is encoded once, into one working buffer:
 * a string of a hundred pieces is put together by the write itself, and hashing reads the same bytes.
 * @returns `contentHash` of 16 bytes.
 */
export function encodeRow(parts: RowParts): { row: Buffer; contentHash: Buffer } {
  const { prefix, facts, unkeptFacts, derived } = parts;
  // Three bytes at most for a UTF-16 unit.
  const needed = (facts.length + unkeptFacts.length + derived.length) * 3 + HASH_BLOCK_BYTES;
  const bytes = needed > scratch.length ? Buffer.allocUnsafeSlow(needed) : scratch;
  const factsBytes = bytes.write(facts, 0, "utf8");
  const unkeptBytes = unkeptFacts === "" ? 0 : bytes.write(unkeptFacts, factsBytes, "utf8");
  const contentHash = hashBytes(bytes, factsBytes + unkeptBytes);
  const length = factsBytes + bytes.write(derived, factsBytes, "utf8");
  const row = Buffer.allocUnsafe(prefix.length + length);
  prefix.copy(row, 0);
  bytes.copy(row, prefix.length, 0, length);
  return { row, contentHash };
}
