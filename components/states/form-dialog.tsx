"use client";

import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { ApiError } from "@/lib/api-client";

interface FormDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  /** What it does and what follows from it. */
  description: ReactNode;
  /** The button: a verb and what it is done to. */
  submitLabel: string;
  /** The same while it is done. */
  busyLabel: string;
  /** `danger` for what stops something or cannot be undone. */
  variant?: "primary" | "danger";
  /** For forms with fields beside each other. */
  isWide?: boolean;
  /** False keeps the button from doing anything: something is missing. */
  canSubmit?: boolean;
  /** Does it; the dialog closes when it is done, and says why when it was refused. */
  onSubmit: () => Promise<unknown>;
  children?: ReactNode;
}

/** A question with a form in it. What was typed stays when it fails; Escape and Cancel change nothing. */
export function FormDialog(props: FormDialogProps) {
  return (
    <Dialog open={props.isOpen} onOpenChange={props.onOpenChange}>
      <DialogContent className={props.isWide ? "sm:max-w-2xl" : undefined}>
        <DialogHeader>
          <DialogTitle>{props.title}</DialogTitle>
          <DialogDescription asChild>
            <div>{props.description}</div>
          </DialogDescription>
        </DialogHeader>
        <DialogForm {...props} />
      </DialogContent>
    </Dialog>
  );
}

function DialogForm({ canSubmit = true, variant = "primary", ...props }: FormDialogProps) {
  const work = useMutation({
    mutationFn: props.onSubmit,
    onSuccess: () => props.onOpenChange(false),
  });
  const isReady = canSubmit && !work.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) work.mutate();
  };
  return (
    <form onSubmit={submit}>
      <div className="flex flex-col gap-4">{props.children}</div>
      {work.error && <Refusal error={work.error} />}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant={variant} aria-disabled={!isReady}>
          {work.isPending ? props.busyLabel : props.submitLabel}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Refusal({ error }: { error: Error }) {
  const problem = error instanceof ApiError ? error : null;
  return (
    <Alert variant="danger" className="mt-4">
      <AlertTitle>{problem?.message ?? "The page met an error of its own."}</AlertTitle>
      <AlertDescription>
        {problem?.faults.map(({ path, message }) => (
          <p key={`${path} ${message}`}>
            <code className="font-mono text-xs">{path}</code> {message}
          </p>
        ))}
        {problem?.requestId && (
          <p className="text-ink-muted text-xs">
            Request <code className="select-all font-mono">{problem.requestId}</code>
          </p>
        )}
      </AlertDescription>
    </Alert>
  );
}
