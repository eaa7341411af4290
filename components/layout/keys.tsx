import { Fragment } from "react";

/** Keys as they stand on a keyboard, pressed one after the other. */
export function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className="ml-auto flex shrink-0 items-center gap-1 text-ink-muted text-xs">
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 && <span>then</span>}
          <kbd className="min-w-5 rounded-sm border border-line bg-surface px-1 text-center font-mono">
            {key.length === 1 ? key.toUpperCase() : key}
          </kbd>
        </Fragment>
      ))}
    </span>
  );
}
