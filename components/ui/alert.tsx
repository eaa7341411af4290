import { cva, type VariantProps } from "class-variance-authority";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

const alertClasses = cva("flex gap-2.5 rounded-control border px-3 py-2.5 text-sm", {
  variants: {
    variant: {
      info: "border-line bg-surface text-ink",
      good: "border-good/30 bg-good-soft text-good",
      caution: "border-caution/30 bg-caution-soft text-caution",
      danger: "border-danger/30 bg-danger-soft text-danger",
    },
  },
  defaultVariants: { variant: "info" },
});

const ICONS = { info: Info, good: CircleCheck, caution: TriangleAlert, danger: CircleAlert };

/** A message in the page. `danger` is announced at once; the others are read in their turn. */
export function Alert({
  className,
  variant,
  children,
  ...props
}: ComponentProps<"div"> & VariantProps<typeof alertClasses>) {
  const Icon = ICONS[variant ?? "info"];
  return (
    <div
      role={variant === "danger" ? "alert" : "status"}
      className={cn(alertClasses({ variant }), className)}
      {...props}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** First line of an alert. */
export function AlertTitle({ className, ...props }: ComponentProps<"p">) {
  return <p className={cn("font-medium", className)} {...props} />;
}

/** What it means and what to do. */
export function AlertDescription({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("text-[13px] text-ink", className)} {...props} />;
}
