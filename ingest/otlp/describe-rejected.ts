import type { FieldError } from "@/lib/errors";

const MAX_REASONS = 5;
const MAX_REASON = 200;

/** Says in one line why some of a request's records do not count: the commonest reasons and how often. "" for none. */
export function describeRejected(
  rejected: readonly { errors: readonly FieldError[] }[],
  sent: number,
): string {
  if (rejected.length === 0) return "";
  const counts = new Map<string, number>();
  for (const { errors } of rejected) {
    const reason = errors
      .map(({ path, message }) => `${path} ${message}`.trim())
      .join(", ")
      .slice(0, MAX_REASON);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].sort((a, b) => b[1] - a[1]);
  const listed = reasons.slice(0, MAX_REASONS).map(([reason, count]) => `${reason} (${count})`);
  if (reasons.length > MAX_REASONS) listed.push("…");
  return `${rejected.length} of ${sent} rejected: ${listed.join("; ")}. Integrity lists them.`;
}
