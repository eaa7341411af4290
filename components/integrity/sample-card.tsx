"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, Hourglass, RotateCw } from "lucide-react";
import { retryRejection } from "@/components/integrity/rejections-answer";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import type { RejectionAnswer } from "@/lib/rejections/rejection-schemas";

/** A region that scrolls must take focus, so that arrow keys can move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;

/** One event that did not count: why, what was sent, and trying it again. */
export function SampleCard({ sample, timeZone }: { sample: RejectionAnswer; timeZone: string }) {
  const name = sample.event_id ?? "without an id";
  return (
    <section
      aria-label={`Event ${name}`}
      className="rounded-control border border-line text-[13px]"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
        <span className="min-w-0 break-all font-mono text-xs">{name}</span>
        <span className="text-ink-muted">
          <Moment at={sample.received_at} timeZone={timeZone} />
        </span>
        <span className="ml-auto">
          <SampleState sample={sample} />
        </span>
      </div>
      {sample.errors.length > 0 && (
        <ul className="px-3 pb-2">
          {sample.errors.map(({ path, message }) => (
            <li key={`${path} ${message}`} className="break-words">
              {path && <code className="mr-1.5 font-mono text-xs">{path}</code>}
              {message}
            </li>
          ))}
        </ul>
      )}
      <section
        aria-label={`What was sent as ${name}`}
        {...SCROLLER_FOCUS}
        className="max-h-64 overflow-auto border-line border-t bg-surface"
      >
        <pre className="p-3 font-mono text-xs leading-relaxed">{pretty(sample.body)}</pre>
      </section>
      {(sample.truncated || sample.content_dropped) && (
        <p className="border-line border-t px-3 py-2 text-ink-muted">
          {sample.truncated && "Only a part is kept. "}
          {sample.content_dropped && "Prompts and answers were left out."}
        </p>
      )}
    </section>
  );
}

function SampleState({ sample }: { sample: RejectionAnswer }) {
  const { me } = useWorkspace();
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryRejection(sample),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["samples"] }),
  });
  if (sample.state === "accepted") {
    return (
      <Badge variant="good">
        <CircleCheck aria-hidden="true" />
        Accepted on retry
      </Badge>
    );
  }
  if (sample.state === "retrying" || retry.isPending) {
    return (
      <Badge role="status">
        <Hourglass aria-hidden="true" />
        Trying again…
      </Badge>
    );
  }
  if (sample.truncated) {
    return <span className="text-ink-muted">Mend it at its source and send it again</span>;
  }
  if (!me.permissions.includes("rejections.retry")) {
    return <span className="text-ink-muted">An engineer or an admin can retry it</span>;
  }
  return (
    <span className="flex flex-wrap items-center justify-end gap-2">
      {sample.retried_at !== null && (
        <span className="text-ink-muted">Refused again when it was retried</span>
      )}
      {retry.isError ? (
        <PanelError
          what="The event"
          failure="could not be retried"
          error={retry.error}
          onRetry={() => retry.mutate()}
        />
      ) : (
        <Button size="small" onClick={() => retry.mutate()}>
          <RotateCw aria-hidden="true" />
          Retry
        </Button>
      )}
    </span>
  );
}

/** Indented where that loses nothing: a number past 2^53 or a repeated name is shown as it came. */
function pretty(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    return JSON.stringify(value) === body ? JSON.stringify(value, null, 2) : body;
  } catch {
    return body;
  }
}
