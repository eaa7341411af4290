import { Lock } from "lucide-react";
import { holdersOf, type Permission } from "@/lib/permissions";

interface NeedsRoleProps {
  permission: Permission;
  /** What it would allow, as the beginning of a sentence: "Making a key". */
  what: string;
}

/** Stands where a button would be: who may do it, and who can grant it. */
export function NeedsRole({ permission, what }: NeedsRoleProps) {
  const roles = holdersOf(permission).roles.join(" or ");
  return (
    <p className="flex items-start gap-1.5 text-[13px] text-ink-muted">
      <Lock aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      <span>
        {what} takes the role {roles}. An admin can give it to you.
      </span>
    </p>
  );
}
