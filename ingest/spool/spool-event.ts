/** One event on its way into the spool. */
export interface SpoolEvent {
  /**
   * UTF-8 of the row's JSON after its arrival members: `,"project_id":...}` and a line feed. Bytes rather than a
   * string: a thousand waiting strings, each a tree of its parts, kept the garbage collector busier than all else.
   */
  row: Buffer;
  /** What tells a retry from a new event; null where the server made the id. */
  identity: EventIdentity | null;
  /**
   * UTF-8 of a row of `call_contents` after its arrival members, like `row`: what was said, redacted, where the project
   * keeps that. It is written in the transaction of the event, and not where that is a repetition or a conflict.
   */
  content?: Buffer;
}

/**
 * The ledger's identity of an event: project, 15-minute bucket of its timestamp, and id. The timestamp is part of
 * it, so the same id in another bucket is another event; in the same bucket with another instant it is the
 * same event with other content, a conflict: the table's key cannot hold both.
 */
export interface EventIdentity {
  projectId: string;
  /** Seconds since 1970, a multiple of 900. */
  bucket: number;
  id: string;
  /** 128-bit hash of everything the sender said, in canonical form. */
  contentHash: Buffer;
}

/**
 * What became of one event: `accepted`, or `repeated` (its identity and content are known already; to the
 * caller that is accepted too), or `conflict` (known with other content: the first stays).
 */
export type SpoolOutcome = "accepted" | "repeated" | "conflict";
