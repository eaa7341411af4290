"use client";

import { useMutation } from "@tanstack/react-query";
import {
  Mail,
  MessageSquare,
  Pencil,
  Send,
  Siren,
  Trash2,
  TriangleAlert,
  Webhook,
} from "lucide-react";
import { testChannel } from "@/components/channels/channel-requests";
import {
  AUDIENCE_WORDS,
  describeMatch,
  sayLast,
  sayTest,
  sayWhere,
  TYPE_WORDS,
} from "@/components/channels/channel-words";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Moment } from "@/components/ui/moment";
import type { ChannelType } from "@/lib/channels/channel";
import type { ListedChannelAnswer } from "@/lib/channels/channel-schemas";

const ICONS: Readonly<Record<ChannelType, typeof Mail>> = {
  webhook: Webhook,
  slack: MessageSquare,
  email: Mail,
  pagerduty: Siren,
};

interface ChannelItemProps {
  channel: ListedChannelAnswer;
  onWish: (action: "edit" | "remove") => void;
}

/** One channel: where it leads, whose notices it gets, and whether they arrive. */
export function ChannelItem({ channel, onWish }: ChannelItemProps) {
  const { timeZone } = useWorkspace();
  const test = useMutation({ mutationFn: () => testChannel(channel.id) });
  const { name, type, project, audience, problem } = channel;
  const Icon = ICONS[type];
  const match = describeMatch(channel.match);
  return (
    <li className="flex flex-col gap-2 border-line border-t p-4 first:border-t-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-col gap-1 text-[13px]">
          <h2 className="flex flex-wrap items-center gap-2 font-medium text-sm">
            <Icon aria-hidden="true" className="size-4 shrink-0 text-ink-muted" />
            <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
            <Badge variant="accent">{AUDIENCE_WORDS[audience].label}</Badge>
          </h2>
          <p className="text-ink-muted [overflow-wrap:anywhere]">
            {TYPE_WORDS[type].label} · {sayWhere(channel)} ·{" "}
            {project === null ? "every project" : project}
          </p>
          {match !== null && (
            <p className="text-ink-muted [overflow-wrap:anywhere]">Only {match}.</p>
          )}
          <p className="text-ink-muted">
            Made <Moment at={channel.created_at} timeZone={timeZone} /> by {channel.created_by}
          </p>
          <LastNotice last={channel.last_delivery} />
          {problem !== null && (
            <p className="flex gap-1.5 text-danger">
              <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
              Nothing can be sent to it: {problem}
            </p>
          )}
        </div>
        {channel.can_change && (
          <div className="flex flex-wrap gap-2">
            <Button
              size="small"
              aria-label={`Send a test to ${name}`}
              aria-disabled={test.isPending}
              onClick={() => !test.isPending && test.mutate()}
            >
              <Send aria-hidden="true" />
              {test.isPending ? "Sending…" : "Send a test"}
            </Button>
            <Button size="small" aria-label={`Change ${name}`} onClick={() => onWish("edit")}>
              <Pencil aria-hidden="true" />
              Change
            </Button>
            <Button size="small" aria-label={`Remove ${name}`} onClick={() => onWish("remove")}>
              <Trash2 aria-hidden="true" />
              Remove
            </Button>
          </div>
        )}
      </div>
      {test.data && (
        <Alert variant={test.data.sent ? "good" : "danger"}>
          <span className="[overflow-wrap:anywhere]">{sayTest(test.data)}</span>
        </Alert>
      )}
      {test.error && (
        <PanelError
          what="The test"
          failure="could not be sent"
          error={test.error}
          onRetry={() => test.mutate()}
        />
      )}
    </li>
  );
}

/** Whether notices arrive, as the latest one tells. */
function LastNotice({ last }: { last: ListedChannelAnswer["last_delivery"] }) {
  const { timeZone } = useWorkspace();
  const words = sayLast(last);
  if (last === null || words === null) return <p className="text-ink-muted">No notice yet.</p>;
  const isFailing = last.state === "dead" || (last.state === "pending" && last.last_error !== null);
  return (
    <p className={cn("[overflow-wrap:anywhere]", isFailing ? "text-danger" : "text-ink-muted")}>
      {words} <Moment at={last.sent_at ?? last.due_at} timeZone={timeZone} />.
    </p>
  );
}
