"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { PanelError } from "@/components/states/panel-error";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { requestJson } from "@/lib/api-client";
import { isTimeZone } from "@/lib/calendar/is-time-zone";
import type { SettingsAnswer, UpdateSettingsInput } from "@/lib/settings/settings-schemas";

/** Suggestions only: a zone has several names, and each of them will do. */
const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** The organisation's name and the zone its days begin in. */
export function OrganisationPage() {
  const { me, organisationName, timeZone } = useWorkspace();
  const mayWrite = useMay()("settings.write", null);
  const queries = useQueryClient();
  const [name, setName] = useState(organisationName);
  const [zone, setZone] = useState(timeZone);
  const [tags, setTags] = useState(printTags(me.coverage_tags));
  const save = useMutation({
    mutationFn: (body: UpdateSettingsInput) =>
      requestJson<SettingsAnswer>("/api/settings", { method: "PUT", body }),
    // Every figure by day is another one in another zone.
    onSuccess: () => queries.invalidateQueries(),
  });
  const coverageTags = readTags(tags);
  const isTagged = printTags(coverageTags) !== printTags(me.coverage_tags);
  const isChanged = name !== organisationName || zone !== timeZone || isTagged;
  const isKnown = isTimeZone(zone);
  const canSave = isChanged && name.trim() !== "" && isKnown && !save.isPending;
  const write = () =>
    save.mutate({ organisation_name: name, time_zone: zone, coverage_tags: coverageTags });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSave) write();
  };
  return (
    <Card aria-label="Organisation" className="p-4">
      <form onSubmit={submit} className="flex max-w-lg flex-col gap-4">
        {!mayWrite && <NeedsRole permission="settings.write" what="Changing this" />}
        <Field
          label="Name"
          required
          maxLength={100}
          disabled={!mayWrite}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <Field
          label="Time zone"
          list="settings-time-zones"
          required
          spellCheck={false}
          disabled={!mayWrite}
          hint="Type a part of its name: a city such as Berlin, or UTC."
          fault={
            isKnown
              ? undefined
              : "This is no time zone we know. Choose one of the list, such as Europe/Berlin."
          }
          value={zone}
          onChange={({ target }) => setZone(target.value)}
        />
        <datalist id="settings-time-zones">
          {ZONES.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Field
          label="Tags every cost is to carry"
          spellCheck={false}
          disabled={!mayWrite}
          placeholder="feature, agent, user, and metadata.team where calls have it"
          hint="Up to four, with commas between: agent, task, feature, user, session, or metadata. and a key. The Overview says how much carries them."
          value={tags}
          onChange={({ target }) => setTags(target.value)}
        />
        {zone !== timeZone && isKnown && (
          <Alert variant="caution">
            Days, weeks and months begin by the clock of {zone} then, in every figure of every day,
            also of the past: sums by day and month change, totals and the events themselves do not.{" "}
            Links and saved questions that name a zone keep theirs.
          </Alert>
        )}
        {save.isError && (
          <PanelError
            what="The organisation"
            failure="could not be saved"
            error={save.error}
            onRetry={write}
          />
        )}
        {mayWrite && (
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" aria-disabled={!canSave}>
              {save.isPending ? "Saving…" : "Save"}
            </Button>
            <p role="status" className="text-[13px] text-good">
              {save.isSuccess && !isChanged ? "Saved." : ""}
            </p>
          </div>
        )}
      </form>
    </Card>
  );
}

/** Names with commas between; nothing for the choice that Outlay makes. */
function printTags(names: readonly string[] | null): string {
  return names?.join(", ") ?? "";
}

function readTags(text: string): string[] | null {
  const names = text.split(",").map((name) => name.trim());
  const given = [...new Set(names.filter((name) => name !== ""))];
  return given.length === 0 ? null : given;
}
