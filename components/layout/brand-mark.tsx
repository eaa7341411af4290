/** The mark alone: also of the pages outside the dashboard, which need no link of it. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" className="size-5" aria-hidden="true">
      <rect x="2" y="12.5" width="16" height="5" rx="1.5" fill="var(--series-1)" />
      <rect x="2" y="7" width="11.5" height="4.5" rx="1.5" fill="var(--series-2)" />
      <rect x="2" y="2.5" width="7" height="3.5" rx="1.5" fill="var(--series-3)" />
    </svg>
  );
}
