"use client";

import { useWorkspace } from "@/components/layout/workspace";
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
import { Moment } from "@/components/ui/moment";
import type { SetupLinkAnswer } from "@/lib/users/user-schemas";

/** A link that was just made, and whose it is. */
export interface ShownLink extends SetupLinkAnswer {
  name: string;
}

/** The one time a person's link is shown: to be copied and handed over. */
export function SetupLinkDialog({ link, onClose }: { link: ShownLink; onClose: () => void }) {
  const { timeZone } = useWorkspace();
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      {/* A click beside it must not lose the only sight of the link. */}
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        <DialogHeader>
          <DialogTitle>The link for {link.name}</DialogTitle>
          <DialogDescription>
            Hand it over yourself: it is shown this once, works once, and until{" "}
            <Moment at={link.expires_at} timeZone={timeZone} />.
          </DialogDescription>
        </DialogHeader>
        <code
          data-testid="setup-link"
          className="block select-all break-all rounded-control border border-line bg-surface p-3 font-mono text-xs"
        >
          {link.setup_url}
        </code>
        <CopyButton
          className="mt-3"
          variant="primary"
          label="Copy the link"
          text={() => link.setup_url}
        />
        <DialogFooter>
          <DialogClose asChild>
            <Button>I have copied it</Button>
          </DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
