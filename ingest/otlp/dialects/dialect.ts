import type { SpanKind } from "@/lib/traces/span-facts";
import type { RawUsageApi } from "@/lib/usage/usage";

/**
 * Where a value stands in a record: an attribute's key; `key > a.0.b` for a path into its JSON (text or not);
 * `text:key` where that is text; `resource:key` on the process; `event:key` on the last span event that has it; `scope:` for the scope's attributes;
 * `body > a.b` in a log record's body; `prefix.*` for all attributes below a prefix, put together to one value.
 */
export type Place = string;

/** Facts that are one text or number, by the place they stand at; the first place with a value counts. */
export type FactField =
  | "provider"
  | "requestedModel"
  | "model"
  | "responseId"
  | "toolCallId"
  | "toolName"
  | "agent"
  | "task"
  | "taskType"
  | "feature"
  | "user"
  | "session"
  | "reservationId"
  | "serviceTier"
  | "inferenceGeo"
  /** US dollars. */
  | "costUsd"
  /** From 1. */
  | "attempt"
  /** What went wrong: a provider's or a library's word, or an HTTP status. Whoever sends it failed. */
  | "error"
  /** What is said of a failure, where something else tells that there was one. */
  | "failure"
  /** `false`: it failed. */
  | "success"
  | "timeToFirstTokenMs"
  | "timeToFirstTokenSeconds";

/** Counts as clients print them. */
export type TokenField =
  | "input"
  | "output"
  /** Only ever compared with the others, never taken for usage of its own (but an embedding's, that is all input). */
  | "total"
  /** What tools answered, where it is input beside `input` (Google). */
  | "besideInput"
  | "cacheRead"
  /** Written to a cache, of whatever lifetime. */
  | "cacheWrite"
  | "cacheWrite5m"
  | "cacheWrite1h"
  /** Input without what was cached: says whether `input` holds the rest. */
  | "uncached"
  | "reasoning"
  | "inputAudio"
  | "outputAudio"
  | "webSearches"
  | "images"
  | "seconds"
  | "characters";

export type KindRule =
  /** The value at a place names the kind, in lower case; `*`: whatever it says. */
  | { at: Place; is: Readonly<Record<string, SpanKind>> }
  /** The span's or the event's name does. */
  | { name: RegExp; is: SpanKind };

export type ContentField = "system" | "messages" | "tools" | "completion";

export interface RawUsagePlace {
  at: Place;
  api: RawUsageApi;
  /** A member that only this API's object has; without it the place holds something else. */
  has?: string;
}

/** For which providers something holds: all, or those with one of our names (`lib/prices/provider-name.ts`). */
export type Providers = "all" | readonly string[];

/**
 * What one client, library or convention means by its attributes: data, read by `read-span.ts` and `read-log.ts`. A
 * record may speak several dialects at once; the first of `dialects.ts` that has a value counts.
 */
export interface Dialect {
  name: string;
  /** Any program may write such attributes: they do not make a span a part of an agent's work. */
  isGeneric?: boolean;
  /** What a record of this dialect has; one of them is enough. */
  marks: {
    /** Attributes' keys; a prefix where it ends in a dot. */
    attributes?: readonly string[];
    /** The scope's name, or how it begins. */
    scopes?: readonly string[];
    /** Values of `service.name`. */
    services?: readonly string[];
  };
  /** Where a span says that it is a log record sent as a span: another source than the client's own spans. */
  retells?: Place;
  /** The first rule that answers counts. */
  kinds?: readonly KindRule[];
  facts?: Readonly<Partial<Record<FactField, readonly Place[]>>>;
  tokens?: Readonly<Partial<Record<TokenField, readonly Place[]>>>;
  /** The `input` it prints leaves out what was read from and written to a cache. Default: it holds it. */
  inputWithoutCache?: Providers;
  /** The `output` it prints leaves out what was reasoned. Default: it holds it. */
  outputWithoutReasoning?: Providers;
  /** How the name of an agent's span names its agent, where no attribute does: the first group, or all of it. */
  agentName?: RegExp;
  /** What a value says where a call was answered: then it did not fail, whatever status its span was given, without an exception. */
  answeredWhere?: Readonly<Record<Place, RegExp>>;
  /** What a value says where something failed: a level, a state. */
  failedWhere?: Readonly<Record<Place, RegExp>>;
  /**
   * What such spans print is a sum of what is told elsewhere in any case, and at times of more than lies below them: no
   * usage of their own is read from them. Default: none; the calls below a span are taken from what it prints.
   */
  sumsOnly?: readonly SpanKind[];
  /** A provider's own usage object, word for word. It is taken where it agrees with the printed output. */
  rawUsage?: readonly RawUsagePlace[];
  /** Free tags: one each, by name, or all below a prefix (`app.metadata.*`). */
  metadata?: readonly Place[];
  content?: Readonly<Partial<Record<ContentField, readonly Place[]>>>;
}
