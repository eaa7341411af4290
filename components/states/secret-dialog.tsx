"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";

interface SecretDialogProps {
  title: string;
  description: ReactNode;
  /** What is shown this once. */
  secret: string;
  testId: string;
  copyLabel: string;
  onClose: () => void;
  /** What belongs to it, below. */
  children?: ReactNode;
}

/** The one time that a secret is shown: to be copied. */
export function SecretDialog(props: SecretDialogProps) {
  const { title, description, secret, testId, copyLabel, onClose, children } = props;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      {/* A click beside it must not lose the only sight of it. */}
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
          <DialogDescription>{description}</DialogDescription>
        </DialogHeader>
        <div className="flex flex-col gap-3">
          <code
            data-testid={testId}
            className="select-all break-all rounded-control border border-line bg-surface p-3 font-mono text-xs"
          >
            {secret}
          </code>
          <CopyButton
            className="self-start"
            variant="primary"
            label={copyLabel}
            text={() => secret}
          />
          {children}
        </div>
        <DialogFooter>
          <DialogClose asChild>
            <Button>I have copied it</Button>
          </DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
