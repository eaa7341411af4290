/** Where a process is killed from within: at the n-th time that it comes to a point of its background work. */
export interface DeathWish {
  point: DeathPoint;
  /** From 1. */
  nth: number;
  /** `during`: begun, and not waited for. */
  when: "before" | "during" | "after";
}

/** What a process does in the background, as statements of its stores; `commit` is a transaction of PostgreSQL. */
export const DEATH_POINTS = [
  "insert llm_calls",
  "insert bucket_changes",
  "insert bucket_generations",
  "sum calls_rollup",
  "seal sealed_calls",
  "delete llm_calls",
  "commit",
] as const;

/** What it does with spans, in the same words. */
export const SPAN_DEATH_POINTS = [
  "insert trace_spans",
  "insert llm_calls",
  "insert bucket_changes",
  "commit",
] as const;
export type DeathPoint = (typeof DEATH_POINTS)[number] | (typeof SPAN_DEATH_POINTS)[number];

/** What `serve-until-killed.ts` is started with, as JSON. */
export interface ProcessOptions {
  dir: string;
  /** null: embedded, in `dir`. */
  databaseUrl: string | null;
  /** null: embedded, in `dir`. */
  clickhouseUrl: string | null;
  /** Its clock minus the machine's, in ms. */
  clockMs: number;
  /** Rolls up and lets expire whatever it finds, again and again, as if everything were long ago. */
  isHasty: boolean;
  deathWish: DeathWish | null;
}

/** What it says of itself on stdout once it serves, as JSON. */
export interface ServedAddress {
  url: string;
  /** Keys that may send events and ask for reservations, by project. */
  keys: { default: string; other: string };
}
