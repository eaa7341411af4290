"use client";

import { useWorkspace } from "@/components/layout/workspace";
import { SecretDialog } from "@/components/states/secret-dialog";
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
    <SecretDialog
      title={`The link for ${link.name}`}
      description={
        <>
          Hand it over yourself: it is shown this once, works once, and until{" "}
          <Moment at={link.expires_at} timeZone={timeZone} />.
        </>
      }
      secret={link.setup_url}
      testId="setup-link"
      copyLabel="Copy the link"
      onClose={onClose}
    />
  );
}
