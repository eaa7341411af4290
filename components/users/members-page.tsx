"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { useDialogParam } from "@/components/states/use-dialog-param";
import { Button } from "@/components/ui/button";
import { MemberItem } from "@/components/users/member-item";
import { RoleMeanings } from "@/components/users/role-meanings";
import type { ShownLink } from "@/components/users/setup-link-dialog";
import { usersQuery } from "@/components/users/user-requests";
import { NEW_DIALOG } from "@/lib/paths";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const AddMemberDialog = dynamic(
  () => import("@/components/users/add-member-dialog").then((module) => module.AddMemberDialog),
  {
    ssr: false,
  },
);
const SetupLinkDialog = dynamic(
  () => import("@/components/users/setup-link-dialog").then((module) => module.SetupLinkDialog),
  {
    ssr: false,
  },
);

/** Who may do what: everybody can look it up, an admin of every project can change it. */
export function MembersPage() {
  const { me } = useWorkspace();
  const may = useMay();
  const query = useQuery(usersQuery());
  const [dialog, setDialog] = useDialogParam();
  const [link, setLink] = useState<ShownLink | null>(null);
  const mayWrite = may("users.write", null);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-muted text-sm">
          A person has a role in every project, or in some. Programs have keys instead.
        </p>
        {mayWrite ? (
          <Button variant="primary" onClick={() => setDialog(NEW_DIALOG)}>
            <UserPlus aria-hidden="true" />
            Add a member
          </Button>
        ) : (
          <NeedsRole permission="users.write" what="Changing members" />
        )}
      </div>
      <Panel
        name="Members"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={240}
      >
        {query.data && (
          <ul>
            {query.data.users.map((user) => (
              <MemberItem
                key={user.id}
                user={user}
                isSelf={user.id === me.user?.id}
                mayWrite={mayWrite}
                onLink={setLink}
              />
            ))}
          </ul>
        )}
      </Panel>
      <RoleMeanings />
      {mayWrite && dialog === NEW_DIALOG && (
        <AddMemberDialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && setDialog(null)}
          onLink={setLink}
        />
      )}
      {link && <SetupLinkDialog link={link} onClose={() => setLink(null)} />}
    </div>
  );
}
