import { z } from "zod";
import { BINS, EXACT_VALUES, valueOfBin } from "@/db/clickhouse/latency";

/** How many values, the values while they are few, the bins in hex as the engine stores them (see `latencyCellSql`). */
export const latencyCell = z.tuple([
  z.union([z.int().nonnegative(), z.string()]).transform(Number),
  z.array(z.number()),
  z
    .string()
    .transform((hex) => Buffer.from(hex, "hex"))
    .refine((bytes) => isCountByBin(bytes), { error: "is no count by bin" }),
]);
export type LatencyCell = z.output<typeof latencyCell>;

const LEVELS = [0.5, 0.95] as const;
/** A bin in 2 bytes and its count in 8, both with the lowest byte first. */
const ENTRY_BYTES = 10;

/**
 * The engine's stored form of a count by value, which it keeps compatible as tables hold it: the number of entries as a
 * LEB128, then the entries, each value once.
 */
function isCountByBin(bytes: Buffer): boolean {
  let at = 0;
  let entries = 0;
  for (let byte = 0x80; byte >= 0x80; at++) {
    byte = bytes[at] ?? 0;
    entries += (byte & 0x7f) * 2 ** (7 * at);
  }
  if (bytes.length !== at + entries * ENTRY_BYTES) return false;
  for (let place = at; place < bytes.length; place += ENTRY_BYTES) {
    if (bytes.readUInt16LE(place) >= BINS) return false;
  }
  return true;
}

/**
 * The median and the 95th percentile of several cells in ms, null where nothing was measured, and how many values they
 * are of. The same as `percentilesRow` makes of the engine's answer, digit for digit.
 */
export function mergeLatencies(
  cells: readonly LatencyCell[],
): [number | null, number | null, number] {
  const all = cells.reduce((sum, [own]) => sum + own, 0);
  if (all === 0) return [null, null, 0];
  const place = all <= EXACT_VALUES ? exactPlaces(cells) : binPlaces(cells);
  return [place(LEVELS[0]), place(LEVELS[1]), all];
}

/** Between two values in proportion, as the engine's `quantileExactInclusive` does, rounding for rounding. */
function exactPlaces(cells: readonly LatencyCell[]): (level: number) => number {
  const sorted = Float64Array.from(cells.flatMap(([, values]) => values)).sort();
  return (level) => {
    const place = level * (sorted.length - 1) + 1;
    const index = Math.floor(place);
    const low = sorted[index - 1] ?? 0;
    const high = sorted[index];
    return high === undefined ? low : low + (place - index) * (high - low);
  };
}

/** The first bin up to which that share of all values lies, as the engine's `quantileExactWeighted` does. */
function binPlaces(cells: readonly LatencyCell[]): (level: number) => number {
  const counts = new Float64Array(BINS);
  let all = 0;
  for (const [, , bytes] of cells) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let place = bytes.length % ENTRY_BYTES; place < bytes.length; place += ENTRY_BYTES) {
      const count = view.getUint32(place + 2, true) + view.getUint32(place + 6, true) * 2 ** 32;
      const bin = view.getUint16(place, true);
      counts[bin] = (counts[bin] ?? 0) + count;
      all += count;
    }
  }
  return (level) => {
    let left = Math.ceil(all * level);
    const bin = counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return valueOfBin(bin);
  };
}
