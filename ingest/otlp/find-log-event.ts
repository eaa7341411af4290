import type { LogDialect, LogEvent } from "@/ingest/otlp/dialects/log-dialect";
import { LOG_DIALECTS } from "@/ingest/otlp/dialects/log-dialects";
import { matchDialects } from "@/ingest/otlp/match-dialects";
import type { OtlpLog } from "@/ingest/otlp/otlp-records";

export interface FoundEvent {
  /** With the client's prefix. */
  name: string;
  event: LogEvent;
  /** Whose event it is, then the clients that the record speaks of otherwise. */
  dialects: readonly LogDialect[];
}

const matches = matchDialects(LOG_DIALECTS);
const OWNERS = new Map(
  LOG_DIALECTS.flatMap((dialect) => Object.keys(dialect.events).map((name) => [name, dialect])),
);

/**
 * Which event a log record is. Its name stands in the record's own field (since OTLP 1.5), in an attribute, or in the
 * body; some clients leave their prefix out in one of them.
 * @returns null for an event that tells of no call
 */
export function findLogEvent(log: OtlpLog): FoundEvent | null {
  const told = [log.eventName, log.attributes.get("event.name"), log.body].filter(
    (name) => typeof name === "string" && name !== "",
  ) as string[];
  const named = told.find((name) => OWNERS.has(name));
  const spoken = matches(log.origin, log.attributes) as readonly LogDialect[];
  const name = named ?? findWithPrefix(told, spoken);
  const owner = name === undefined ? undefined : OWNERS.get(name);
  const event = name === undefined ? undefined : owner?.events[name];
  if (name === undefined || !owner || !event) return null;
  return { name, event, dialects: [owner, ...spoken.filter((dialect) => dialect !== owner)] };
}

function findWithPrefix(told: readonly string[], spoken: readonly LogDialect[]) {
  const names = spoken.flatMap(({ events }) => Object.keys(events));
  return names.find((name) => told.some((word) => name.endsWith(`.${word}`)));
}
