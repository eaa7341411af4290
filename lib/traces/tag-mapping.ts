import type { SpanTags } from "@/lib/traces/span-facts";

/** One rule of a project: which attribute names a tag. */
export interface TagRule {
  tag: keyof SpanTags;
  /** Where the attribute stands: on the span or log record itself, or on its resource (the process). */
  from: "resource" | "span";
  /** The attribute's key; a path into its JSON text follows after ` > `, as in `metadata > user_id`. */
  attribute: string;
  /** True: it wins over what the conventions say. Else it fills what they leave empty. */
  override: boolean;
}

/** A project's own rules, the first that finds a value counts. Empty: the conventions alone. */
export type TagMapping = readonly TagRule[];
