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

/**
 * Cubes of UTC days, each in a table of its own: by quarters of an hour they would have nearly as many rows as there
 * are calls. Of a day that is not over they are kept by hour. Users and sessions are kept without latencies. The pair is the one that a screen asks for most: where
 * the money of a feature goes, by model.
 */
export const DAY_TABLES = {
  user: "user_days",
  session: "session_days",
  pair: "feature_model_days",
} as const;
type DayCube = keyof typeof DAY_TABLES;

/** Cubes of `calls_rollup`: each sums all calls. */
export const CUBE_NAMES = CUBES.map(({ name }) => name);
export const DAY_CUBE_NAMES = Object.keys(DAY_TABLES) as DayCube[];
export type CubeName = (typeof CUBES)[number]["name"] | DayCube;

/** True for a cube that has no quarters of an hour. */
export function isDayCube(name: CubeName): name is DayCube {
  return Object.hasOwn(DAY_TABLES, name);
}

/** Dimension columns of the table, in its order. */
export const ROLLED_DIMENSIONS = ["feature", "agent", "provider", "model", "status"] as const;

/** Dimension columns of the pair's table. */
export const PAIR_DIMENSIONS = ["feature", "provider", "model", "status"] as const;

/** Seconds a rollup covers: a bucket; an hour of them, of the last days only; a UTC day; 4 or 16 days. */
export const BUCKET_GRAIN = 900 as const;
export const HOUR_GRAIN = 3_600 as const;
export const DAY_GRAIN = 86_400 as const;
/** Blocks of days, counted from 1970 on, so that the smaller lie in the larger. */
export const BLOCK_GRAINS = [1_382_400, 345_600] as const;
export const GRAINS = [BUCKET_GRAIN, HOUR_GRAIN, DAY_GRAIN, ...BLOCK_GRAINS] as const;
export type Grain = (typeof GRAINS)[number];

/** The grains that a cube is kept by, the largest first. */
export function grainsOf(cube: CubeName): readonly Grain[] {
  // Nearly every session is in one day: a block would have as many rows as its days.
  if (cube === "session") return [DAY_GRAIN, HOUR_GRAIN];
  const larger = [...BLOCK_GRAINS, DAY_GRAIN, HOUR_GRAIN];
  return isDayCube(cube) ? larger : [...larger, BUCKET_GRAIN];
}

/** True for a block of days. */
export function isBlock(grain: Grain): grain is (typeof BLOCK_GRAINS)[number] {
  return grain > DAY_GRAIN;
}

/** Start of the rollup of a grain that an instant falls to, all in seconds since 1970. */
export function startOf(grain: Grain, seconds: number): number {
  return Math.floor(seconds / grain) * grain;
}

/**
 * The smallest cube of spend that knows all these dimensions (the project is in each); null: only the calls do.
 * @param hasLatency whether percentiles are asked for, which are not kept by user.
 */
export function findCube(dimensions: readonly string[], hasLatency: boolean): CubeName | null {
  const asked = dimensions.filter((name) => name !== "project");
  const isByUser = asked.length > 0 && asked.every((name) => name === "user");
  if (isByUser) return hasLatency ? null : "user";
  const isKnown = (known: readonly string[]) => asked.every((name) => known.includes(name));
  const cube = CUBES.find(({ dimensions }) => isKnown(dimensions));
  return cube?.name ?? (isKnown(PAIR_DIMENSIONS) ? "pair" : null);
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
