import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A bordered panel on the page's own colour, so that charts keep the contrast they were measured at. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section
      className={cn("rounded-panel border border-line bg-page text-ink", className)}
      {...props}
    />
  );
}

/** Top row of a card: title on the left, controls on the right. */
export function CardHeader({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn("flex flex-wrap items-start justify-between gap-2 px-4 pt-3.5", className)}
      {...props}
    />
  );
}

/** Heading of a card (`h2`). */
export function CardTitle({ className, children, ...props }: ComponentProps<"h2">) {
  return (
    <h2 className={cn("font-semibold text-[15px]", className)} {...props}>
      {children}
    </h2>
  );
}

/** One muted sentence under the title. */
export function CardDescription({ className, ...props }: ComponentProps<"p">) {
  return <p className={cn("text-[13px] text-ink-muted", className)} {...props} />;
}

/** Body of a card. */
export function CardContent({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("p-4", className)} {...props} />;
}
