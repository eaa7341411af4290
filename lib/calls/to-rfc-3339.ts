/**
 * The store's text of an instant (`2026-11-21 10:00:00.123000`, UTC) as RFC 3339 without needless zeros:
 * `2026-11-21T10:00:00.123Z`.
 */
export function toRfc3339(text: string): string {
  return `${text.replace(" ", "T").replace(/\.?0+$/, (zeros, at: number) => (at > 18 ? "" : zeros))}Z`;
}
