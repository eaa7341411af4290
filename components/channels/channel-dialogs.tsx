"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ChannelDraft,
  changeChannelBody,
  channelDraftOf,
  createChannelBody,
  listChannelFaults,
  startChannelDraft,
} from "@/components/channels/channel-draft";
import {
  AudienceField,
  MatchFields,
  TypeNote,
  WhereFields,
} from "@/components/channels/channel-fields";
import {
  archiveChannel,
  createChannel,
  updateChannel,
} from "@/components/channels/channel-requests";
import { CHANNEL_TYPES, TYPE_WORDS } from "@/components/channels/channel-words";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { ChoiceField } from "@/components/ui/field";
import type { ChannelAnswer, SavedChannelAnswer } from "@/lib/channels/channel-schemas";

interface NewChannelDialogProps {
  onClose: () => void;
  onSaved: (saved: SavedChannelAnswer) => void;
}

const TYPES = CHANNEL_TYPES.map((value) => ({ value, label: TYPE_WORDS[value].label }));

/** A new channel: what it is, where it leads, whose notices it gets. */
export function NewChannelDialog({ onClose, onSaved }: NewChannelDialogProps) {
  const queries = useQueryClient();
  const places = usePlaces();
  const [draft, setDraft] = useState(() => startChannelDraft(places.usual));
  const change = (part: Partial<ChannelDraft>) => setDraft((last) => ({ ...last, ...part }));
  // What is not typed yet is no mistake: the button waits for it.
  const { shown, hasFaults } = useFaults(draft, true);
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isWide
      title="New channel"
      description="Where notices go. Send a test when it is made: it says at once whether they arrive."
      submitLabel="Make the channel"
      busyLabel="Making…"
      canSubmit={!hasFaults}
      onSubmit={async () => {
        const saved = await createChannel(createChannelBody(draft));
        await queries.invalidateQueries({ queryKey: ["channels"] });
        onSaved(saved);
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-1.5">
          <ChoiceField
            label="Type"
            value={draft.type}
            options={TYPES}
            onChoose={(type) => change({ type })}
          />
          <TypeNote type={draft.type} />
        </div>
        <ChoiceField
          label="Tells of"
          value={draft.project ?? ALL_PROJECTS}
          options={places.options}
          onChoose={(slug) => change({ project: slug === ALL_PROJECTS ? null : slug })}
        />
      </div>
      <WhereFields draft={draft} faults={shown} isNew onChange={change} />
      <AudienceField draft={draft} onChange={change} />
      <MatchFields draft={draft} onChange={change} />
    </FormDialog>
  );
}

/** Changes a channel; what is secret of it stays unless something is typed over it. */
export function EditChannelDialog({
  channel,
  onClose,
  onSaved,
}: NewChannelDialogProps & { channel: ChannelAnswer }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => channelDraftOf(channel));
  const change = (part: Partial<ChannelDraft>) => setDraft((last) => ({ ...last, ...part }));
  const faults = listChannelFaults(draft, false);
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isWide
      title={`Change ${channel.name}`}
      description={`${TYPE_WORDS[channel.type].label}, ${channel.project === null ? "of every project" : `of ${channel.project}`}: both stay. For others make a new channel.`}
      submitLabel="Save the channel"
      busyLabel="Saving…"
      canSubmit={Object.keys(faults).length === 0}
      onSubmit={async () => {
        const saved = await updateChannel(channel.id, changeChannelBody(draft));
        await queries.invalidateQueries({ queryKey: ["channels"] });
        onSaved(saved);
      }}
    >
      <WhereFields draft={draft} faults={faults} isNew={false} onChange={change} />
      <AudienceField draft={draft} onChange={change} />
      <MatchFields draft={draft} onChange={change} />
    </FormDialog>
  );
}

/** The question before a channel is removed. */
export function RemoveChannelDialog({
  channel,
  onClose,
}: {
  channel: ChannelAnswer;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Remove ${channel.name}?`}
      description={
        <ul className="list-disc pl-4">
          <li>Nothing is sent to it any more; what waits for it is cancelled.</li>
          <li>Stages of budgets that name it tell nobody by it.</li>
          <li>What it was told stays in the history. It cannot be taken up again.</li>
        </ul>
      }
      submitLabel="Remove the channel"
      busyLabel="Removing…"
      variant="danger"
      onSubmit={async () => {
        await archiveChannel(channel.id);
        await queries.invalidateQueries({ queryKey: ["channels"] });
      }}
    />
  );
}

function useFaults(draft: ChannelDraft, isNew: boolean) {
  const faults = listChannelFaults(draft, isNew);
  const typed = { name: draft.name, url: draft.url, to: draft.to, routingKey: draft.routingKey };
  const shown: typeof faults = {};
  for (const field of ["name", "url", "to", "routingKey"] as const) {
    const fault = faults[field];
    if (fault && typed[field].trim() !== "") shown[field] = fault;
  }
  return { shown, hasFaults: Object.keys(faults).length > 0 };
}

/** Which projects' alerts a new channel may tell of: those that the reader may set up. */
function usePlaces() {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const own = projects
    .filter(({ slug }) => may("channels.write", slug))
    .map(({ slug, name }) => ({ value: slug, label: `Project ${name}` }));
  const options = may("channels.write", null)
    ? [{ value: ALL_PROJECTS, label: "Every project" }, ...own]
    : own;
  const usual = options.find(({ value }) => value === project) ?? options[0];
  return { options, usual: !usual || usual.value === ALL_PROJECTS ? null : usual.value };
}
