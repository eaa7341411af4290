import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

const badgeClasses = cva(
  "inline-flex items-center gap-1 whitespace-nowrap rounded-full border px-2 py-px font-medium text-xs [&_svg]:size-3 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        neutral: "border-line bg-surface text-ink-muted",
        accent: "border-transparent bg-accent-soft text-link",
        good: "border-transparent bg-good-soft text-good",
        caution: "border-transparent bg-caution-soft text-caution",
        danger: "border-transparent bg-danger-soft text-danger",
      },
    },
    defaultVariants: { variant: "neutral" },
  },
);

/** A small state label. Always a word; the colour only repeats it. */
export function Badge({
  className,
  variant,
  ...props
}: ComponentProps<"span"> & VariantProps<typeof badgeClasses>) {
  return <span className={cn(badgeClasses({ variant }), className)} {...props} />;
}
