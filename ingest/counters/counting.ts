import type { Db } from "@/db/postgres";

/**
 * Something that is counted of every event, in the transaction that moves the mark: it counts each once, whatever
 * crashes. Called with the rows of a block before that transaction begins, so that it is short.
 * @param lines rows of `llm_calls` as the spool holds them, one a line. A row it cannot read is told and left out:
 * nothing may stop what is behind it.
 * @param sign -1 takes back what was counted of these rows before.
 */
export type Counting = (lines: string, sign: 1 | -1) => WriteCounted;

/**
 * Writes what was counted. `together` is quick, and fails whole where PostgreSQL refuses a value; `apart` leaves out what
 * is refused, so that nobody's absurd sum stops the counters of all, and takes a savepoint for each.
 */
export type WriteCounted = (tx: Db, how: "together" | "apart") => Promise<void>;
