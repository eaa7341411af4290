"use client";

import { Ban, Globe } from "lucide-react";
import { describeScopes } from "@/components/keys/describe-key";
import { KeyActions } from "@/components/keys/key-actions";
import type { CreatedKey } from "@/components/keys/key-requests";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/moment";
import type { KeyAnswer } from "@/lib/keys/key-schemas";

interface KeyItemProps {
  row: KeyAnswer;
  onRotated: (key: CreatedKey) => void;
}

/** One key: what it may do, who made it, when it was last used. */
export function KeyItem({ row, onRotated }: KeyItemProps) {
  const may = useMay();
  const mayChange =
    may("keys.write", row.project) && (!row.installation || may("keys.write_installation", null));
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-t p-4 first:border-t-0">
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="flex flex-wrap items-center gap-2 font-medium text-sm">
          <span className="break-words">{row.name}</span>
          {row.installation && (
            <Badge variant="accent">
              <Globe aria-hidden="true" />
              Every project
            </Badge>
          )}
          {row.revoked_at && (
            <Badge variant="danger">
              <Ban aria-hidden="true" />
              Revoked
            </Badge>
          )}
        </h2>
        <p className="text-[13px] text-ink-muted">
          <code className="font-mono text-xs">{row.prefix}…</code> · {row.project} ·{" "}
          {describeScopes(row.scopes)}
        </p>
        <KeyTimes row={row} />
      </div>
      {mayChange && row.revoked_at === null && <KeyActions row={row} onRotated={onRotated} />}
    </li>
  );
}

function KeyTimes({ row }: { row: KeyAnswer }) {
  const { timeZone } = useWorkspace();
  return (
    <p className="text-[13px] text-ink-muted">
      Made <Moment at={row.created_at} timeZone={timeZone} />
      {row.created_by && ` by ${row.created_by}`} ·{" "}
      {row.last_used_at ? (
        <>
          last used <Moment at={row.last_used_at} timeZone={timeZone} />
        </>
      ) : (
        "never used"
      )}
      {row.revoked_at && (
        <>
          {" "}
          · revoked <Moment at={row.revoked_at} timeZone={timeZone} />
        </>
      )}
    </p>
  );
}
