"use client";

import { X } from "lucide-react";
import { Dialog as DialogPrimitive } from "radix-ui";
import { type ComponentProps, useRef } from "react";
import { cn } from "@/components/ui/cn";

/** A window over the page; focus stays inside, Escape closes it. */
export const Dialog = DialogPrimitive.Root;
/** The control that opens the dialog. */
export const DialogTrigger = DialogPrimitive.Trigger;
/** A control that closes the dialog. */
export const DialogClose = DialogPrimitive.Close;

const SIDES = {
  center:
    "top-1/2 left-1/2 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 rounded-panel border",
  left: "inset-y-0 left-0 w-64 max-w-[85vw] border-r",
  right: "inset-y-0 right-0 w-md max-w-[94vw] border-l",
} as const;

interface DialogContentProps extends ComponentProps<typeof DialogPrimitive.Content> {
  /** `left` makes it a drawer, `right` a sheet beside what it is about. */
  side?: keyof typeof SIDES;
}

/** The window itself; give it a `DialogTitle`. When it closes, the focus is back where it was. */
export function DialogContent({
  className,
  children,
  side = "center",
  ...props
}: DialogContentProps) {
  const opener = useRef<Element | null>(null);
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay className="fixed inset-0 z-40 animate-appear bg-overlay" />
      <DialogPrimitive.Content
        className={cn(
          "fixed z-50 max-h-dvh animate-appear overflow-y-auto border-line bg-page p-5 text-ink shadow-elevation",
          SIDES[side],
          className,
        )}
        onOpenAutoFocus={() => {
          opener.current = document.activeElement;
        }}
        onCloseAutoFocus={(event) => returnFocus(event, opener.current)}
        {...props}
      >
        {children}
        <DialogPrimitive.Close
          aria-label="Close"
          className="absolute top-3 right-3 inline-flex size-8 items-center justify-center rounded-control text-ink-muted hover:bg-surface-strong hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </DialogPrimitive.Close>
      </DialogPrimitive.Content>
    </DialogPrimitive.Portal>
  );
}

/** The library knows a trigger only; a dialog that is opened otherwise would leave a keyboard at the top of the page. */
function returnFocus(event: Event, opener: Element | null): void {
  // What opened it may be gone: the row of a key that was just revoked, another dialog.
  const target = opener?.isConnected ? opener : document.getElementById("content");
  if (opener === null || !(target instanceof HTMLElement)) return;
  event.preventDefault();
  target.focus();
}

/** Title and description of the dialog. */
export function DialogHeader({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("mb-4 flex flex-col gap-1 pr-8", className)} {...props} />;
}

/** Buttons of the dialog. */
export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("mt-5 flex flex-wrap justify-end gap-2", className)} {...props} />;
}

/** The dialog's name, read out when it opens. */
export function DialogTitle({ className, ...props }: ComponentProps<typeof DialogPrimitive.Title>) {
  return <DialogPrimitive.Title className={cn("font-semibold text-base", className)} {...props} />;
}

/** One sentence under the title. */
export function DialogDescription({
  className,
  ...props
}: ComponentProps<typeof DialogPrimitive.Description>) {
  return (
    <DialogPrimitive.Description className={cn("text-ink-muted text-sm", className)} {...props} />
  );
}
