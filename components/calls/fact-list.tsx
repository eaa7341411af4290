import type { ReactNode } from "react";

/** One fact of a call; null where it was not sent. */
export interface Fact {
  name: string;
  value: ReactNode;
}

/** Names and values in two columns; what was not sent says so. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[13px]">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value ?? <NotSent />}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Says that a field was not sent, which is neither empty nor zero. */
export function NotSent() {
  return <span className="text-ink-muted italic">not sent</span>;
}
