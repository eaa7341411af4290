import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFrames, encodeFrame } from "@/ingest/spool/journal-frame";
import type { StagedGroup } from "@/ingest/spool/staged-group";

const bytes = (options: fc.IntArrayConstraints): fc.Arbitrary<Buffer> =>
  fc.uint8Array(options).map((array) => Buffer.from(array));
const parts = fc.record({
  records: fc.array(bytes({ maxLength: 40 }), { minLength: 1, maxLength: 3 }),
  contents: fc.array(bytes({ maxLength: 20 }), { maxLength: 2 }),
  identities: fc.array(
    fc.record({
      key: bytes({ minLength: 20, maxLength: 40 }),
      contentHash: bytes({ minLength: 16, maxLength: 16 }),
    }),
    { maxLength: 3 },
  ),
});

/** Groups as they follow each other, from a record on. */
function number(list: readonly Omit<StagedGroup, "firstSequence">[], from: number): StagedGroup[] {
  let firstSequence = from;
  return list.map((group) => {
    const numbered = { firstSequence, ...group };
    firstSequence += group.records.length;
    return numbered;
  });
}
const groups = fc.array(parts, { minLength: 1, maxLength: 6 });

test("groups are read as they were written, whatever an earlier use of the file left behind them", () => {
  fc.assert(
    fc.property(groups, groups, bytes({ maxLength: 99 }), (now, before, rest) => {
      const written = number(now, 1000);
      const older = number(before, 1).map(encodeFrame);
      const file = Buffer.concat([...written.map(encodeFrame), ...older, rest]);
      expect(decodeFrames(file)).toEqual(written);
    }),
  );
});

test("of a file that was cut, or lost a block, what is read is a beginning of what was written", () => {
  fc.assert(
    fc.property(groups, fc.nat(), fc.boolean(), (list, place, isCut) => {
      const written = number(list, 7);
      const file = Buffer.concat(written.map(encodeFrame));
      const at = place % file.length;
      const faulty = isCut ? file.subarray(0, at) : Buffer.from(file);
      if (!isCut) faulty[at] = (faulty[at] ?? 0) ^ 0x41;
      const read = decodeFrames(faulty);
      expect(read).toEqual(written.slice(0, read.length));
      expect(read.length).toBeLessThan(written.length);
    }),
  );
});
