"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { nameTarget } from "@/components/kill-switches/list-targets";
import { countInstancesOf, describeReach } from "@/components/kill-switches/obedience-words";
import {
  previewQuery,
  putSwitch,
  type SwitchTarget,
  switchesQuery,
} from "@/components/kill-switches/switch-requests";
import { describeStops, type EndChoice, endOf } from "@/components/kill-switches/switch-words";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { PanelError } from "@/components/states/panel-error";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { ChoiceField, Field } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { formatQuantity } from "@/lib/format";
import { formatLocalMinute, toInstant, toLocalTime } from "@/lib/zone-time";

interface EngageDialogProps {
  target: SwitchTarget;
  onClose: () => void;
}

const ENDS: readonly { value: EndChoice; label: string }[] = [
  { value: "never", label: "When somebody releases it" },
  { value: "hour", label: "In an hour" },
  { value: "tomorrow", label: "At midnight" },
  { value: "custom", label: "At another time" },
];
/** Typed before everything is stopped: nobody types it by mistake. */
const WORD = "STOP";

/** The question before something is stopped: what it is, why, and for how long. */
export function EngageDialog({ target, onClose }: EngageDialogProps) {
  const queries = useQueryClient();
  const { timeZone } = useWorkspace();
  const [reason, setReason] = useState("");
  const [end, setEnd] = useState<EndChoice>("never");
  const [custom, setCustom] = useState("");
  const [typed, setTyped] = useState("");
  const customMs = readClock(custom, timeZone);
  const isWhole = target.scope === "global";
  const isEndKnown = end !== "custom" || (customMs !== null && customMs > Date.now());
  const name = nameTarget(target);
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Stop ${isWhole ? "everything" : name.charAt(0).toLowerCase() + name.slice(1)}?`}
      description="Every reservation of it is refused from the next one on. Agents with the SDK end what is under way too; other calls that began end by themselves."
      submitLabel={isWhole ? "Stop everything" : "Stop it"}
      busyLabel="Stopping…"
      variant="danger"
      canSubmit={reason.trim() !== "" && isEndKnown && (!isWhole || typed.trim() === WORD)}
      onSubmit={async () => {
        const until = endOf(end, { nowMs: Date.now(), timeZone, customMs });
        await putSwitch(target, { engaged: true, reason: reason.trim(), until });
        await queries.invalidateQueries({ queryKey: ["kill-switches"] });
      }}
    >
      <WhatStops target={target} />
      <Reach target={target} />
      <Field
        label="Why"
        required
        maxLength={2000}
        hint="Agents are told, and whoever comes next."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ChoiceField label="It ends" value={end} options={ENDS} onChoose={setEnd} />
      {end === "custom" && (
        <Field
          label={`Ends at (${timeZone})`}
          type="datetime-local"
          min={formatLocalMinute(toLocalTime(Date.now(), timeZone)).replace(" ", "T")}
          fault={custom !== "" && !isEndKnown ? "A time to come." : undefined}
          value={custom}
          onChange={(event) => setCustom(event.target.value)}
        />
      )}
      {isWhole && (
        <Field
          label={`Type ${WORD} to stop every agent of every project`}
          value={typed}
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

/** On how many instances it falls; nothing while that is not known. */
function Reach({ target }: { target: SwitchTarget }) {
  const { project } = useWorkspace();
  const { data } = useQuery(switchesQuery(project));
  if (!data) return null;
  const reach = countInstancesOf(target, data.instance_counts);
  return <p className="text-[13px]">{describeReach(target.scope, reach)}</p>;
}

function WhatStops({ target }: { target: SwitchTarget }) {
  const query = useQuery(previewQuery(target));
  if (query.isError) {
    return (
      <PanelError what="What would stop" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  if (!query.data) return <Skeleton className="h-16" />;
  const { stops, engaged } = query.data;
  if (stops === null) {
    return (
      <Alert variant="caution">
        <AlertTitle>
          {engaged ? "It is stopped already." : "What calls now could not be asked."} The switch
          works all the same.
        </AlertTitle>
      </Alert>
    );
  }
  const more = stops.agents_count - stops.agents.length;
  return (
    <Alert variant="caution">
      <AlertTitle>{engaged ? "It is stopped already." : describeStops(stops)}</AlertTitle>
      {stops.agents.length > 0 && (
        <AlertDescription className="[overflow-wrap:anywhere]">
          {stops.agents
            .map(({ agent, calls }) => `${agent ?? "(untagged)"} ${formatQuantity(calls, "call")}`)
            .join(", ")}
          {more > 0 && ` and ${formatQuantity(more, "more agent")}`}
        </AlertDescription>
      )}
    </Alert>
  );
}

const CLOCK = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;

/** A clock's time in the organisation's zone as an instant in ms; null while it cannot be read. */
function readClock(text: string, timeZone: string): number | null {
  const parts = CLOCK.exec(text)?.slice(1).map(Number);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  return toInstant({ year, month, day, hour, minute }, timeZone);
}
