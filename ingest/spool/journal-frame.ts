import { crc32 } from "node:zlib";
import type { StagedGroup, StagedIdentity } from "@/ingest/spool/staged-group";

/*
 * A frame of the journal, numbers little-endian:
 *   u32 CRC-32 of all that follows it in the frame | u32 length of the parts in bytes | f64 number of the first record
 *   parts, each: u8 kind | u32 length | bytes
 */
const HEADER_BYTES = 16;
const PART_HEADER_BYTES = 5;
const RECORD = 1;
const CONTENT = 2;
/** The content's hash and then the key. */
const IDENTITY = 3;
const HASH_BYTES = 16;

/** A group as one frame. The checksum tells a frame that was written whole from one that was cut, or is older. */
export function encodeFrame(group: StagedGroup): Buffer {
  const parts: [kind: number, pieces: readonly Buffer[]][] = [
    ...group.records.map((record): [number, Buffer[]] => [RECORD, [record]]),
    ...group.contents.map((content): [number, Buffer[]] => [CONTENT, [content]]),
    ...group.identities.map(({ key, contentHash }): [number, Buffer[]] => [
      IDENTITY,
      [contentHash, key],
    ]),
  ];
  const length = parts.reduce((sum, [, pieces]) => sum + PART_HEADER_BYTES + lengthOf(pieces), 0);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(length, 4);
  frame.writeDoubleLE(group.firstSequence, 8);
  let at = HEADER_BYTES;
  for (const [kind, pieces] of parts) {
    frame.writeUInt8(kind, at);
    frame.writeUInt32LE(lengthOf(pieces), at + 1);
    at += PART_HEADER_BYTES;
    for (const piece of pieces) at += piece.copy(frame, at);
  }
  frame.writeUInt32LE(crc32(frame.subarray(4)), 0);
  return frame;
}

function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/**
 * The groups at the start of a file, up to the first frame that is not whole or not later than the one before it:
 * what stands behind is of an earlier use of the file.
 */
export function decodeFrames(file: Buffer): StagedGroup[] {
  const groups: StagedGroup[] = [];
  let before = 0;
  for (let at = 0; at + HEADER_BYTES <= file.length; ) {
    const end = at + HEADER_BYTES + file.readUInt32LE(at + 4);
    const firstSequence = file.readDoubleLE(at + 8);
    if (end > file.length || !(firstSequence > before)) break;
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32LE(at)) break;
    groups.push({ firstSequence, ...decodeParts(file.subarray(at + HEADER_BYTES, end)) });
    before = firstSequence;
    at = end;
  }
  return groups;
}

function decodeParts(bytes: Buffer): Omit<StagedGroup, "firstSequence"> {
  const records: Buffer[] = [];
  const contents: Buffer[] = [];
  const identities: StagedIdentity[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes.readUInt8(at);
    const start = at + PART_HEADER_BYTES;
    at = start + bytes.readUInt32LE(at + 1);
    const part = bytes.subarray(start, at);
    if (kind === RECORD) records.push(part);
    else if (kind === CONTENT) contents.push(part);
    else if (kind === IDENTITY) {
      identities.push({
        contentHash: part.subarray(0, HASH_BYTES),
        key: part.subarray(HASH_BYTES),
      });
    } else
      throw new Error(`the spool's journal has a part of kind ${kind}: a later version wrote it`);
  }
  return { records, contents, identities };
}
