/**
 * The lines of a small curve as SVG paths in a box, one for each run of known values: a gap is a gap. The highest value
 * touches the top, and 0 is the bottom: a curve without its zero makes noise look like news.
 * @param width and `height` in pixels
 */
export function prepareSparkline(
  values: readonly (bigint | null)[],
  width: number,
  height: number,
): string[] {
  const max = values.reduce<bigint>(
    (highest, value) => (value !== null && value > highest ? value : highest),
    0n,
  );
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const runs: string[][] = [];
  let run: string[] | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      run = null;
      continue;
    }
    if (run === null) {
      run = [];
      runs.push(run);
    }
    const share = max === 0n ? 0 : Number((value * 1_000n) / max) / 1_000;
    run.push(`${round(index * step)} ${round(height - share * height)}`);
  }
  // A single point is a line of no length, which a round cap makes a dot.
  return runs.map((points) => `M${[...points, ...points.slice(-1)].join("L")}`);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
