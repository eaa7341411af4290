"use client";

import { firstEventCommand, readCommand } from "@/components/keys/first-event-command";
import type { CreatedKey } from "@/components/keys/key-requests";
import { Alert } from "@/components/ui/alert";
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

interface NewKeyDialogProps {
  made: CreatedKey;
  /** It takes the place of another one. */
  isRotation: boolean;
  onClose: () => void;
}

/** The one time a key is shown: to be copied, with a command that uses it. */
export function NewKeyDialog({ made, isRotation, onClose }: NewKeyDialogProps) {
  const command = () =>
    made.scopes.includes("ingest")
      ? firstEventCommand(window.location.origin, made.key)
      : readCommand(window.location.origin, made.key);
  const hasCommand = made.scopes.includes("ingest") || made.scopes.includes("read");
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      {/* A click beside it must not lose the only sight of the key. */}
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        <DialogHeader>
          <DialogTitle>The key {made.name}</DialogTitle>
          <DialogDescription>
            This is the only time it is shown: Outlay keeps no copy that could be read. Copy it now.
          </DialogDescription>
        </DialogHeader>
        <div className="flex flex-col gap-3">
          <code
            data-testid="new-key"
            className="select-all break-all rounded-control border border-line bg-surface p-3 font-mono text-xs"
          >
            {made.key}
          </code>
          <CopyButton
            className="self-start"
            variant="primary"
            label="Copy the key"
            text={() => made.key}
          />
          {isRotation && (
            <Alert variant="caution">
              The old key goes on working. Revoke it when nothing uses it any more: its “last used”
              stands still then.
            </Alert>
          )}
          {hasCommand && (
            <>
              <h3 className="mt-2 font-medium text-[13px]">Try it in a terminal</h3>
              <section
                aria-label="Command"
                {...SCROLLER_FOCUS}
                className="overflow-x-auto rounded-control border border-line bg-surface"
              >
                <pre className="p-3 font-mono text-xs leading-relaxed">{command()}</pre>
              </section>
              <CopyButton
                className="self-start"
                size="small"
                label="Copy the command"
                text={command}
              />
            </>
          )}
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

/** A region that scrolls takes focus, so that arrow keys move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;
