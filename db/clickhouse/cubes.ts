/**
 * What rollups are kept by: each cube sums a bucket by a few dimensions. One cube of all dimensions would have
 * nearly as many rows as there are calls. `status` is in each, because failures of something are asked for
 * together with it. Names and columns are SQL of ours, never a caller's.
 */
export const CUBES = [
  { name: "status", dimensions: ["status"] },
  { name: "feature", dimensions: ["feature", "status"] },
  { name: "agent", dimensions: ["agent", "status"] },
  { name: "model", dimensions: ["provider", "model", "status"] },
] as const satisfies readonly { name: string; dimensions: readonly string[] }[];

export const CUBE_NAMES = CUBES.map(({ name }) => name);
export type CubeName = (typeof CUBES)[number]["name"];

/** Dimension columns of the table, in its order. */
export const ROLLED_DIMENSIONS = ["feature", "agent", "provider", "model", "status"] as const;

/** Seconds a rollup covers: a bucket, or a UTC day of them. */
export const BUCKET_GRAIN = 900;
export const DAY_GRAIN = 86_400;

/** The smallest cube that knows all these dimensions (the project is in each); null: only the calls do. */
export function findCube(dimensions: readonly string[]): CubeName | null {
  const asked = dimensions.filter((name) => name !== "project");
  const cube = CUBES.find(({ dimensions: known }) =>
    asked.every((name) => known.some((column) => column === name)),
  );
  return cube?.name ?? null;
}

/** `GROUPING SETS` over `bucketKey`, one a cube. */
export function cubeSets(bucketKey: string): string {
  return CUBES.map(({ dimensions }) => `(${[bucketKey, ...dimensions].join(", ")})`).join(", ");
}

/** The cube a row of those sets belongs to: the first whose own dimension it was grouped by. */
export function cubeOfSet(): string {
  const tests = CUBES.slice(1).map(
    ({ name, dimensions }) => `grouping(${dimensions[0]}) = 0, '${name}'`,
  );
  return `multiIf(${tests.join(", ")}, '${CUBES[0].name}')`;
}
