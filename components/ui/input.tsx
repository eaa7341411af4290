import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A one-line text field. Set `aria-invalid` and `aria-describedby` to tie a message to it. */
export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return (
    <input
      type={type}
      className={cn(
        "h-8.5 w-full min-w-0 rounded-control border border-control bg-page px-2.5 text-ink text-sm placeholder:text-ink-muted disabled:cursor-not-allowed disabled:opacity-55 aria-invalid:border-danger",
        className,
      )}
      {...props}
    />
  );
}
