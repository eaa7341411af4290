import type { Dialect, Place } from "@/ingest/otlp/dialects/dialect";

/** What one kind of log record tells of. */
export interface LogEvent {
  is: "llm" | "tool";
  /** It tells of something that failed, whatever else it says. */
  isFailure?: true;
  /** Nothing is told where none of these places has a value: the same event is written at other moments too. */
  needs?: readonly Place[];
  /** What its values are not to be when it is told of a call: a word that names another matter. */
  unless?: Readonly<Record<Place, RegExp>>;
}

/** What one client means by its log records. A record of any other event tells of no call. */
export interface LogDialect extends Dialect {
  /** By the event's name, with the client's prefix. */
  events: Readonly<Record<string, LogEvent>>;
  /** How long it took until the record was written, in milliseconds. */
  durationMs?: readonly Place[];
  /** What the coding agent is called, where no sub-agent of it is named. */
  codingAgent?: string;
  /** Where a sub-agent is named by the first group of an expression, and no attribute is its name alone. */
  subAgent?: { at: Place; is: RegExp };
}
