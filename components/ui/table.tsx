import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A region that scrolls must take focus, so that arrow keys can move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;

/** A table in its own sideways scroller, the only thing on a page that may scroll sideways. */
export function Table({
  className,
  label,
  ...props
}: ComponentProps<"table"> & { /** Names the scroller for a keyboard user. */ label: string }) {
  return (
    <section aria-label={label} {...SCROLLER_FOCUS} className="relative w-full overflow-x-auto">
      <table
        className={cn("w-full border-separate border-spacing-0 text-[13px]", className)}
        {...props}
      />
    </section>
  );
}

/** Head of the table. */
export function TableHeader({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("text-ink-muted", className)} {...props} />;
}

/** Rows of the table. */
export function TableBody(props: ComponentProps<"tbody">) {
  return <tbody {...props} />;
}

/** The totals row. */
export function TableFooter({ className, ...props }: ComponentProps<"tfoot">) {
  return (
    <tfoot
      className={cn("bg-surface font-semibold text-ink [&>tr>*]:border-t", className)}
      {...props}
    />
  );
}

/** One row. */
export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return (
    <tr
      className={cn("[&>*]:border-line [&>*]:border-t first:[&>*]:border-t-0", className)}
      {...props}
    />
  );
}

/** Head of a column or, with `scope="row"`, of a row. */
export function TableHead({ className, scope = "col", ...props }: ComponentProps<"th">) {
  return (
    <th
      scope={scope}
      className={cn("whitespace-nowrap px-3 py-2 text-left font-medium", className)}
      {...props}
    />
  );
}

/** One cell. */
export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("whitespace-nowrap px-3 py-1.5", className)} {...props} />;
}
