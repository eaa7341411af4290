import type { SpanTags } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";

/** A span that was received lately, with the tags that it names by itself. */
export interface PreviewedSpan {
  signal: "span" | "log";
  name: string;
  service: string;
  /** Microseconds since 1970. */
  startUs: number;
  /** By the rules it was received with. */
  before: SpanTags;
  /** By the rules that are tried. */
  after: SpanTags;
}

/** An attribute that spans really have. */
export interface SeenAttribute {
  from: "resource" | "span";
  attribute: string;
  /** The beginning of one of its values. */
  sample: string;
  spans: number;
}

export interface TagPreview {
  /** The newest first. */
  spans: PreviewedSpan[];
  /** What most spans have first. */
  attributes: SeenAttribute[];
}

/** What a project's rules would make of the spans that this process received lately; it knows no others. */
export type PreviewTags = (
  projectId: string,
  rules: { before: TagMapping; after: TagMapping },
) => TagPreview;
