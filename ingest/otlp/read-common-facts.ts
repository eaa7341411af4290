import type { Dialect, FactField } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import { findUnknownModel } from "@/ingest/otlp/find-unknown-model";
import { readCost } from "@/ingest/otlp/read-cost";
import { readKind } from "@/ingest/otlp/read-kind";
import { readMetadata } from "@/ingest/otlp/read-metadata";
import { readModelName, readProvider } from "@/ingest/otlp/read-provider";
import { cutText, readTags } from "@/ingest/otlp/read-tags";
import { readUsage } from "@/ingest/otlp/read-usage";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";

/** What the attributes of a span and of a log record say alike. */
export type CommonFacts = Pick<
  SpanFacts,
  | "dialect"
  | "provider"
  | "model"
  | "requestedModel"
  | "responseId"
  | "usage"
  | "printedTokens"
  | "reportedCostUsd"
  | "serviceTier"
  | "inferenceGeo"
  | "attempt"
  | "timeToFirstTokenMs"
  | "tags"
  | "metadata"
  | "reservationId"
  | "faults"
> & {
  /** null: no rule of a dialect says it. */
  kind: SpanFacts["kind"] | null;
  toolName: string | null;
  /** What it says went wrong; empty: nothing. */
  errors: string[];
};

const LONGEST_NAME = 256;
const EMBEDDING = /embed/i;
/** Ids that libraries make where the provider gave none: they are of one run, not of the response. */
const MADE_ID = /^(ai(txt|obj|img|test)-|run-|lc_run-)/;

/**
 * @param dialects those that the record speaks, the most telling first
 * @param name the span's or the event's
 */
export function readCommonFacts(
  fields: FieldReader,
  dialects: readonly Dialect[],
  name: string,
  mapping: TagMapping,
): CommonFacts {
  const text = (field: FactField) => readFact(fields, dialects, field);
  const asked = text("requestedModel");
  const told = text("model") ?? asked;
  const likely = told ?? findUnknownModel(fields);
  const kind = readKind(fields, dialects, name);
  const provider = readProvider(listFacts(fields, dialects, "provider"), likely);
  const operation = fields.text([
    "gen_ai.operation.name",
    "openinference.span.kind",
    "ai.operationId",
  ]);
  const isEmbedding = EMBEDDING.test(operation ?? name);
  const { usage, printedTokens, faults, ...read } = readUsage(
    fields,
    dialects,
    provider,
    isEmbedding,
  );
  const costFaults: string[] = [];
  return {
    dialect: dialects.find((dialect) => !dialect.isGeneric)?.name ?? "none",
    kind,
    toolName: text("toolName"),
    provider,
    // Anything may have a "model"; a model of ours has usage.
    model: readModelName(told ?? (usage ? likely : null)),
    requestedModel: readModelName(asked),
    responseId:
      kind === "tool"
        ? text("toolCallId")
        : (listFacts(fields, dialects, "responseId").find((id) => !MADE_ID.test(id)) ?? null),
    usage,
    printedTokens,
    reportedCostUsd: readCost(fields, dialects, costFaults),
    serviceTier: read.serviceTier ?? text("serviceTier")?.toLowerCase() ?? null,
    inferenceGeo: read.inferenceGeo ?? text("inferenceGeo"),
    attempt: readAttempt(fields, dialects),
    timeToFirstTokenMs: readTimeToFirstToken(fields, dialects),
    tags: readTags(fields, dialects, mapping),
    metadata: readMetadata(fields, dialects),
    reservationId: text("reservationId"),
    errors: readErrors(fields, dialects),
    faults: [...faults, ...costFaults],
  };
}

function readFact(fields: FieldReader, dialects: readonly Dialect[], field: FactField) {
  return listFacts(fields, dialects, field)[0] ?? null;
}

function listFacts(fields: FieldReader, dialects: readonly Dialect[], field: FactField): string[] {
  return dialects
    .map((dialect) => fields.text(dialect.facts?.[field]))
    .filter((text) => text !== null)
    .map((text) => cutText(text, LONGEST_NAME));
}

function readNumber(fields: FieldReader, dialects: readonly Dialect[], field: FactField) {
  for (const dialect of dialects) {
    const number = fields.number(dialect.facts?.[field]);
    if (number !== null) return number;
  }
  return null;
}

function readAttempt(fields: FieldReader, dialects: readonly Dialect[]): number | null {
  const attempt = readNumber(fields, dialects, "attempt");
  return attempt !== null && Number.isInteger(attempt) && attempt >= 1 && attempt < 1000
    ? attempt
    : null;
}

function readTimeToFirstToken(fields: FieldReader, dialects: readonly Dialect[]): number | null {
  const seconds = readNumber(fields, dialects, "timeToFirstTokenSeconds");
  const ms =
    readNumber(fields, dialects, "timeToFirstTokenMs") ??
    (seconds === null ? null : seconds * 1000);
  // Nobody waits a day for a first token: it is an instant, or another unit.
  return ms !== null && ms > 0 && ms < 86_400_000 ? Math.round(ms * 1000) / 1000 : null;
}

function readErrors(fields: FieldReader, dialects: readonly Dialect[]): string[] {
  const told = listFacts(fields, dialects, "error").filter(
    (text) => !/^(false|0|none|null|2\d\d)$/i.test(text),
  );
  const isFailed =
    readFact(fields, dialects, "success")?.toLowerCase() === "false" ||
    dialects.some(({ failedWhere = {} }) =>
      Object.entries(failedWhere).some(([place, is]) => is.test(fields.text([place]) ?? "")),
    );
  if (told.length > 0 || !isFailed) return told;
  return [...listFacts(fields, dialects, "failure"), "failed"];
}
