"use client";

import { verificationSample } from "@/components/channels/verification-sample";
import { SecretDialog } from "@/components/states/secret-dialog";
import { CopyButton } from "@/components/ui/copy-button";

interface NewSecretDialogProps {
  name: string;
  secret: string;
  onClose: () => void;
}

/** The one time that a webhook's secret is shown, with code that verifies what is signed with it. */
export function NewSecretDialog({ name, secret, onClose }: NewSecretDialogProps) {
  return (
    <SecretDialog
      title={`The signing secret of ${name}`}
      description="Each notice is signed with it, so that the receiver can refuse what others send. This is the only time it is shown: copy it now."
      secret={secret}
      testId="channel-secret"
      copyLabel="Copy the secret"
      onClose={onClose}
    >
      <h3 className="mt-2 font-medium text-[13px]">Verify a notice, in Node</h3>
      <section
        aria-label="Code that verifies a notice"
        {...SCROLLER_FOCUS}
        className="overflow-x-auto rounded-control border border-line bg-surface"
      >
        <pre className="p-3 font-mono text-xs leading-relaxed">{verificationSample()}</pre>
      </section>
      <CopyButton
        className="self-start"
        size="small"
        label="Copy the code"
        text={verificationSample}
      />
    </SecretDialog>
  );
}

/** A region that scrolls takes focus, so that arrow keys move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;
