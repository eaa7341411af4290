"use client";

import { firstEventCommand, readCommand } from "@/components/keys/first-event-command";
import type { CreatedKey } from "@/components/keys/key-requests";
import { SecretDialog } from "@/components/states/secret-dialog";
import { Alert } from "@/components/ui/alert";
import { CopyButton } from "@/components/ui/copy-button";

interface NewKeyDialogProps {
  made: CreatedKey;
  /** It takes the place of another one. */
  isRotation: boolean;
  onClose: () => void;
}

/** The one time a key is shown: to be copied, with a command that uses it. */
export function NewKeyDialog({ made, isRotation, onClose }: NewKeyDialogProps) {
  const hasCommand = made.scopes.includes("ingest") || made.scopes.includes("read");
  return (
    <SecretDialog
      title={`The key ${made.name}`}
      description="This is the only time it is shown: Outlay keeps no copy that could be read. Copy it now."
      secret={made.key}
      testId="new-key"
      copyLabel="Copy the key"
      onClose={onClose}
    >
      {isRotation && (
        <Alert variant="caution">
          The old key goes on working. Revoke it when nothing uses it any more: its “last used”
          stands still then.
        </Alert>
      )}
      {hasCommand && <Command made={made} />}
    </SecretDialog>
  );
}

function Command({ made }: { made: CreatedKey }) {
  const command = () =>
    made.scopes.includes("ingest")
      ? firstEventCommand(window.location.origin, made.key)
      : readCommand(window.location.origin, made.key);
  return (
    <>
      <h3 className="mt-2 font-medium text-[13px]">Try it in a terminal</h3>
      <section
        aria-label="Command"
        {...SCROLLER_FOCUS}
        className="overflow-x-auto rounded-control border border-line bg-surface"
      >
        <pre className="p-3 font-mono text-xs leading-relaxed">{command()}</pre>
      </section>
      <CopyButton className="self-start" size="small" label="Copy the command" text={command} />
    </>
  );
}

/** A region that scrolls takes focus, so that arrow keys move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;
