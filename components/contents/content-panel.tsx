"use client";

import { useQuery } from "@tanstack/react-query";
import { MessageSquareText } from "lucide-react";
import { parseAsBoolean, useQueryState } from "nuqs";
import { type ReactNode, useState } from "react";
import { contentQuery } from "@/components/contents/content-requests";
import { readTurns } from "@/components/contents/read-turns";
import { SafeText } from "@/components/contents/safe-text";
import { printJson, TurnView } from "@/components/contents/turn-view";
import { useMay } from "@/components/layout/use-may";
import { NeedsRole } from "@/components/states/needs-role";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Input } from "@/components/ui/input";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import type { CallContentAnswer } from "@/lib/contents/content-schemas";
import { formatQuantity } from "@/lib/format";

interface ContentPanelProps {
  callId: string;
  /** Slug of the call's project. */
  project: string;
  /** The call's own timestamp, where it is known. */
  timestamp: string | null;
}

/** What was said in a call, once somebody asks for it: that they did is written down. */
export function ContentPanel({ callId, project, timestamp }: ContentPanelProps) {
  const may = useMay();
  const [isOpen, setOpen] = useQueryState(
    "content",
    parseAsBoolean.withDefault(false).withOptions({ history: "push" }),
  );
  const mayRead = may("content.read", project === "*" ? null : project);
  return (
    <Card aria-label="Prompt and answer" className="overflow-hidden">
      <CardHeader>
        <CardTitle>Prompt and answer</CardTitle>
        {isOpen && mayRead && (
          <Button size="small" onClick={() => void setOpen(null)}>
            Close
          </Button>
        )}
      </CardHeader>
      {!mayRead && (
        <div className="px-4 pb-4">
          <NeedsRole permission="content.read" what="Reading prompts and answers" />
        </div>
      )}
      {mayRead && !isOpen && (
        <div className="flex flex-wrap items-center gap-3 px-4 pb-4">
          <Button size="small" onClick={() => void setOpen(true)}>
            <MessageSquareText aria-hidden="true" />
            Show what was said
          </Button>
          <p className="text-[13px] text-ink-muted">That you read it is kept in the audit trail.</p>
        </div>
      )}
      {mayRead && isOpen && <Content {...{ callId, project, timestamp }} />}
    </Card>
  );
}

function Content({ callId, project, timestamp }: ContentPanelProps) {
  const { data, error, refetch } = useQuery(contentQuery(callId, project, timestamp));
  if (error) {
    return (
      <div className="px-4 pb-4">
        <PanelError what="What was said" error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Skeleton className="mx-4 mb-4 h-48" />;
  return data.kept ? <Said content={data} /> : <NothingKept reason={data.reason} />;
}

function NothingKept({ reason }: Pick<CallContentAnswer, "reason">) {
  const words: Record<NonNullable<CallContentAnswer["reason"]>, ReactNode> = {
    project_keeps_none: (
      <>
        This project keeps no prompts and answers. An admin can switch that on under{" "}
        <PointedLink href="/settings/projects" className="underline">
          Settings, Projects
        </PointedLink>
        ; it holds for calls from then on.
      </>
    ),
    nothing_sent: "The client sent no prompt or answer with this call.",
    expired: "It was kept for as long as the project keeps it, and is deleted.",
    erased: "The user or session of this call was erased, and with it what was said.",
  };
  return <p className="px-4 pb-4 text-[13px] text-ink-muted">{words[reason ?? "nothing_sent"]}</p>;
}

function Said({ content }: { content: CallContentAnswer }) {
  const [search, setSearch] = useState("");
  const turns = [
    ...readTurns(content.system, "system"),
    ...readTurns(content.messages, "user"),
    ...readTurns(content.completion, "assistant"),
  ];
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 px-4 pb-3">
        <Input
          aria-label="Search in what was said"
          placeholder="Search"
          type="search"
          className="max-w-60"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span aria-live="polite" className="tabular text-[13px] text-ink-muted">
          {search !== "" && formatQuantity(countIn(content, search), "match", "matches")}
        </span>
        <CopyButton size="small" label="Copy as JSON" text={() => printJson(partsOf(content))} />
      </div>
      <Notes content={content} />
      <ol className="border-line border-t">
        {turns.map((turn, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns of one call, which does not change
          <TurnView key={index} turn={turn} search={search} />
        ))}
      </ol>
      {content.tools !== null && (
        <details className="border-line border-t px-4 py-3">
          <summary className="cursor-pointer font-medium text-[13px]">Tools it could call</summary>
          <div className="mt-2">
            <SafeText isCode text={printJson(content.tools)} search={search} />
          </div>
        </details>
      )}
    </>
  );
}

/** What is not as it was said, and until when it is kept. */
function Notes({ content }: { content: CallContentAnswer }) {
  const taken = Object.entries(content.redacted).map(([name, count]) => `${count} × ${name}`);
  return (
    <p className="px-4 pb-3 text-[13px] text-ink-muted">
      {taken.length > 0 && `Taken out before it was stored: ${taken.join(", ")}. `}
      {content.cut.length > 0 && `Too long to be kept whole: ${content.cut.join(", ")}. `}
      {content.expires_at && `Kept until ${content.expires_at.slice(0, 10)}.`}
    </p>
  );
}

function partsOf({ system, messages, tools, completion }: CallContentAnswer) {
  return { system, messages, tools, completion };
}

function countIn(content: CallContentAnswer, search: string): number {
  const text = [content.system, content.messages, content.completion, content.tools]
    .flatMap((part) => listTexts(part))
    .join("\n")
    .toLowerCase();
  return text.split(search.toLowerCase()).length - 1;
}

function listTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(listTexts);
}
