import { ERASED } from "@/lib/corrections/decide-revision";
import type { SpanFacts } from "@/lib/traces/span-facts";

/** Takes user and session, and a name wherever it is a free tag, out of what a span says. @param text JSON of its facts */
export function eraseFacts(text: string, name: string): { facts: string; session: string } {
  // Ours, written by ingest.
  const facts = JSON.parse(text) as SpanFacts;
  const { user, session } = facts.tags;
  const tags = {
    ...facts.tags,
    user: user === null ? null : ERASED,
    session: session === null ? null : ERASED,
  };
  const metadata = Object.fromEntries(
    Object.entries(facts.metadata).map(([key, value]) => [key, value === name ? ERASED : value]),
  );
  return { facts: JSON.stringify({ ...facts, tags, metadata }), session: tags.session ?? "" };
}
