import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

const buttonClasses = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-control font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-accent text-accent-ink hover:bg-accent/88",
        outline: "border border-line bg-page text-ink hover:border-control hover:bg-surface",
        ghost: "text-ink hover:bg-surface-strong",
        danger: "bg-danger text-page hover:bg-danger/88",
        link: "text-link underline-offset-4 hover:underline",
      },
      size: {
        small: "h-7 px-2 text-[13px]",
        medium: "h-8.5 px-3 text-sm",
        large: "h-10 px-4 text-sm",
        icon: "size-8.5",
        inline: "h-auto min-h-6 p-0 text-[length:inherit]",
      },
    },
    defaultVariants: { variant: "outline", size: "medium" },
  },
);

interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonClasses> {
  /** Draws the only child (a link) as a button instead of a `<button>`. */
  asChild?: boolean;
}

/** A button; `type="button"` unless told otherwise, so that it never submits a form by accident. */
export function Button({ className, variant, size, asChild = false, type, ...props }: ButtonProps) {
  const Element = asChild ? Slot.Root : "button";
  return (
    <Element
      className={cn(buttonClasses({ variant, size }), className)}
      {...(asChild ? {} : { type: type ?? "button" })}
      {...props}
    />
  );
}
