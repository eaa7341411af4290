import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { checkPatterns } from "@/lib/contents/check-patterns";
import type { RedactionPreviewAnswer, RedactionPreviewInput } from "@/lib/contents/content-schemas";
import { compilePatterns } from "@/lib/contents/own-patterns";
import { type RedactionCounts, redactText } from "@/lib/contents/redact-text";

const OWN_PATTERNS_MS = 250;

/**
 * Shows what would be taken out of a text, by our list and by patterns that are not saved yet. Keeps nothing.
 * @throws OutlayError `forbidden`; `unprocessable` for a pattern that cannot be used
 */
export function previewRedaction(
  { actor }: ActionContext,
  projectId: string,
  { patterns, text }: RedactionPreviewInput,
): RedactionPreviewAnswer {
  requirePermission(actor, "projects.write", projectId);
  checkPatterns(patterns, "patterns");
  const counts: RedactionCounts = new Map();
  const own = {
    patterns: compilePatterns(patterns),
    untilMs: performance.now() + OWN_PATTERNS_MS,
  };
  return { text: redactText(text, own, counts), redacted: Object.fromEntries(counts) };
}
