"use client";

import { Hourglass, UserX } from "lucide-react";
import { useWorkspace } from "@/components/layout/workspace";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/moment";
import { describeMemberships } from "@/components/users/describe-role";
import { MemberActions } from "@/components/users/member-actions";
import type { ShownLink } from "@/components/users/setup-link-dialog";
import type { UserAnswer } from "@/lib/users/user-schemas";

interface MemberItemProps {
  user: UserAnswer;
  isSelf: boolean;
  mayWrite: boolean;
  onLink: (link: ShownLink) => void;
}

/** One person with their roles in words. */
export function MemberItem({ user, isSelf, mayWrite, onLink }: MemberItemProps) {
  const { timeZone } = useWorkspace();
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-t p-4 first:border-t-0">
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="flex flex-wrap items-center gap-2 font-medium text-sm">
          <span className="break-words">{user.name}</span>
          {isSelf && <Badge>You</Badge>}
          {user.state === "invited" && (
            <Badge variant="caution">
              <Hourglass aria-hidden="true" />
              No password yet
            </Badge>
          )}
          {user.state === "disabled" && (
            <Badge variant="danger">
              <UserX aria-hidden="true" />
              Deactivated
            </Badge>
          )}
        </h2>
        <p className="break-words text-[13px] text-ink-muted">{user.email}</p>
        <p className="break-words text-[13px]">{describeMemberships(user.memberships)}</p>
        <p className="text-[13px] text-ink-muted">
          {user.last_sign_in_at ? (
            <>
              Last signed in <Moment at={user.last_sign_in_at} timeZone={timeZone} />
            </>
          ) : (
            "Never signed in"
          )}
        </p>
      </div>
      {mayWrite && <MemberActions user={user} onLink={onLink} />}
    </li>
  );
}
