import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** Why it is empty and what to do about it. */
  children: ReactNode;
  /** Buttons or links. */
  actions?: ReactNode;
}

/** Says in words why there is nothing, in the place and size of what would be there. */
export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex min-h-72 flex-col items-center justify-center gap-2 px-4 py-10 text-center">
      <Icon aria-hidden="true" className="size-7 text-ink-muted" strokeWidth={1.5} />
      <p className="font-semibold">{title}</p>
      <div className="max-w-md text-ink-muted text-sm">{children}</div>
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
