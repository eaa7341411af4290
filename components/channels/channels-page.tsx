"use client";

import { useQuery } from "@tanstack/react-query";
import { Megaphone, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ChannelItem } from "@/components/channels/channel-item";
import { channelsQuery } from "@/components/channels/channel-requests";
import { AUDIENCE_WORDS } from "@/components/channels/channel-words";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { EmptyState } from "@/components/states/empty-state";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { useDialogParam } from "@/components/states/use-dialog-param";
import { Button } from "@/components/ui/button";
import { AUDIENCES } from "@/lib/alerts/alert";
import type {
  ChannelAnswer,
  ListedChannelAnswer,
  SavedChannelAnswer,
} from "@/lib/channels/channel-schemas";
import { NEW_DIALOG } from "@/lib/paths";

const load = () => import("@/components/channels/channel-dialogs");
// Nobody needs a dialog at first sight: it comes when it is asked for.
const NewChannelDialog = dynamic(() => load().then((module) => module.NewChannelDialog), {
  ssr: false,
});
const EditChannelDialog = dynamic(() => load().then((module) => module.EditChannelDialog), {
  ssr: false,
});
const RemoveChannelDialog = dynamic(() => load().then((module) => module.RemoveChannelDialog), {
  ssr: false,
});
const NewSecretDialog = dynamic(
  () => import("@/components/channels/new-secret-dialog").then((module) => module.NewSecretDialog),
  { ssr: false },
);

type Wish = { action: "edit" | "remove"; channel: ChannelAnswer };

/** Where notices go: who is told of what, by what way, and whether it arrives. */
export function ChannelsPage() {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const [dialog, setDialog] = useDialogParam();
  const [wish, setWish] = useState<Wish | null>(null);
  const [shown, setShown] = useState<{ name: string; secret: string } | null>(null);
  const mayRead = projects.some(({ slug }) => may("channels.read", slug));
  const mayWrite =
    may("channels.write", null) || projects.some(({ slug }) => may("channels.write", slug));
  const query = useQuery({ ...channelsQuery(project), enabled: mayRead });
  const make = mayWrite ? () => setDialog(NEW_DIALOG) : null;
  const show = ({ name, secret }: SavedChannelAnswer) =>
    secret !== null && setShown({ name, secret });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-muted text-sm">
          Where notices go. Each channel speaks to the lead, to finance or to engineering: a stage
          or a rule that tells them tells all of their channels.
        </p>
        {make ? (
          <Button variant="primary" onClick={make}>
            <Plus aria-hidden="true" />
            New channel
          </Button>
        ) : (
          <NeedsRole permission="channels.write" what="Making a channel" />
        )}
      </div>
      {mayRead ? (
        <Panel
          name="Channels"
          error={query.error}
          onRetry={() => void query.refetch()}
          isCurrent={query.data !== undefined}
          skeletonHeight={320}
        >
          {query.data && (
            <List
              channels={query.data.channels}
              onWish={(action, channel) => setWish({ action, channel })}
              onMake={make}
            />
          )}
        </Panel>
      ) : (
        <NeedsRole permission="channels.read" what="Seeing channels" />
      )}
      {mayWrite && dialog === NEW_DIALOG && (
        <NewChannelDialog onClose={() => setDialog(null)} onSaved={show} />
      )}
      {wish?.action === "edit" && (
        <EditChannelDialog channel={wish.channel} onClose={() => setWish(null)} onSaved={show} />
      )}
      {wish?.action === "remove" && (
        <RemoveChannelDialog channel={wish.channel} onClose={() => setWish(null)} />
      )}
      {shown && <NewSecretDialog {...shown} onClose={() => setShown(null)} />}
    </div>
  );
}

interface ListProps {
  channels: readonly ListedChannelAnswer[];
  onWish: (action: Wish["action"], channel: ChannelAnswer) => void;
  /** Null where the reader may not. */
  onMake: (() => void) | null;
}

function List({ channels, onWish, onMake }: ListProps) {
  const live = channels.filter(({ archived_at }) => archived_at === null);
  if (live.length === 0) {
    return (
      <EmptyState
        icon={Megaphone}
        title="Nobody is told of anything"
        actions={onMake && <Button onClick={onMake}>Make the first channel</Button>}
      >
        Alerts are recorded and shown, and no one hears of them: there is no webhook, Slack channel,
        mail address or PagerDuty service yet.
      </EmptyState>
    );
  }
  const untold = AUDIENCES.filter((one) => live.every(({ audience }) => audience !== one));
  return (
    <>
      {untold.length > 0 && (
        <p className="border-line border-b bg-caution-soft px-4 py-2.5 text-[13px] text-caution">
          {untold.map((one) => AUDIENCE_WORDS[one].label).join(" and ")}{" "}
          {untold.length === 1 ? "has" : "have"} no channel here: what is only for them reaches
          nobody.
        </p>
      )}
      <ul aria-label="List of channels">
        {live.map((channel) => (
          <ChannelItem
            key={channel.id}
            channel={channel}
            onWish={(action) => onWish(action, channel)}
          />
        ))}
      </ul>
    </>
  );
}
