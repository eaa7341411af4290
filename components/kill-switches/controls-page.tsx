"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { useNow } from "@/components/filters/use-now";
import { ControlRow } from "@/components/kill-switches/control-row";
import {
  type ControlTarget,
  listTargets,
  type SeenAgent,
  targetKey,
} from "@/components/kill-switches/list-targets";
import { seenAgentsQuery } from "@/components/kill-switches/seen-agents";
import { StopOtherForm } from "@/components/kill-switches/stop-other-form";
import { SwitchHistory } from "@/components/kill-switches/switch-history";
import { SpokenObedience } from "@/components/kill-switches/switch-obedience";
import { type SwitchTarget, switchesQuery } from "@/components/kill-switches/switch-requests";
import { useRehearsal } from "@/components/kill-switches/use-rehearsal";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { Titled } from "@/components/states/titled";
import { useDialogParam } from "@/components/states/use-dialog-param";
import { useLast } from "@/components/states/use-last";
import { Button } from "@/components/ui/button";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { formatCount } from "@/lib/format";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const EngageDialog = dynamic(
  () => import("@/components/kill-switches/engage-dialog").then((module) => module.EngageDialog),
  { ssr: false },
);
const ReleaseDialog = dynamic(
  () => import("@/components/kill-switches/release-dialog").then((module) => module.ReleaseDialog),
  { ssr: false },
);

const InstancesSheet = dynamic(
  () =>
    import("@/components/kill-switches/instances-sheet").then((module) => module.InstancesSheet),
  { ssr: false },
);
const RehearseDialog = dynamic(
  () =>
    import("@/components/kill-switches/rehearse-dialog").then((module) => module.RehearseDialog),
  { ssr: false },
);
const RehearsalPanel = dynamic(
  () =>
    import("@/components/kill-switches/rehearsal-panel").then((module) => module.RehearsalPanel),
  { ssr: false },
);

type Question =
  | { act: "engage"; target: SwitchTarget }
  | { act: "rehearse"; target: ControlTarget }
  | { act: "release"; target: SwitchTarget; engagedFor: string };

/** What is stopped and who calls most stands first; the rest would push what follows out of sight. */
const FIRST_AGENTS = 12;

/** Of a dialog in the address: the instances of a target. */
const INSTANCES = "instances:";

const NONE: readonly SeenAgent[] = [];

/** Stop it: everything, a project, an agent, or anything by its name. */
export function ControlsPage() {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const [question, ask] = useState<Question | null>(null);
  const [isWhole, setWhole] = useState(false);
  const [opened, setOpened] = useDialogParam();
  const [rehearsal, setRehearsal] = useRehearsal();
  const query = useQuery(switchesQuery(project));
  const seen = useLast(useQuery(seenAgentsQuery(project, useNow())).data ?? null) ?? NONE;
  const answer = useLast(query.data ?? null);
  const shown = projects.filter(({ slug }) => project === ALL_PROJECTS || slug === project);
  const targets = answer
    ? listTargets({ answer, projects: shown.map(({ slug }) => slug), seen })
    : null;
  const all = targets
    ? [targets.everything, ...targets.others, ...targets.agents, ...targets.projects]
    : [];
  const listed = all.find((target) => opened === `${INSTANCES}${targetKey(target)}`);
  const rehearsed = rehearsal && targetOf(rehearsal);
  const engage = (target: SwitchTarget) => ask({ act: "engage", target });
  const release = (target: ControlTarget) =>
    ask({ act: "release", target, engagedFor: target.engaged?.reason ?? "" });
  // Said once, and not in each of forty rows.
  const mayStop = shown.some(({ slug }) => may("switches.engage", slug));
  const rows = (list: readonly ControlTarget[]) =>
    list.map((target) => (
      <ControlRow
        key={targetKey(target)}
        target={target}
        isTold={!mayStop && target.scope !== "global"}
        onEngage={engage}
        onRelease={release}
        onRehearse={(rehearsing) => ask({ act: "rehearse", target: rehearsing })}
        onShowInstances={(shownOf) => setOpened(`${INSTANCES}${targetKey(shownOf)}`)}
      />
    ));
  const close = () => ask(null);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Controls</h1>
      <p className="max-w-2xl text-ink-muted text-sm">
        A switch stops agents with the SDK at once, and calls that ask first from the next
        reservation on, whatever budgets say. Programs that do neither are counted and not stopped.
      </p>
      {!mayStop && <NeedsRole permission="switches.engage" what="Stopping an agent or a project" />}
      {mayStop && !shown.some(({ slug }) => may("switches.release", slug)) && (
        <NeedsRole permission="switches.release" what="Rehearsing a stop" />
      )}
      {rehearsal && rehearsed && (
        <RehearsalPanel
          rehearsal={rehearsal}
          engaged={all.find((one) => targetKey(one) === targetKey(rehearsed))?.engaged ?? null}
          asOfMs={query.dataUpdatedAt}
          onChange={setRehearsal}
        />
      )}
      <SpokenObedience targets={all} />
      <Panel
        name="Switches"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={420}
      >
        {targets && answer && (
          <>
            <ul aria-label="Everything">{rows([targets.everything])}</ul>
            {targets.others.length > 0 && <Part title="Stopped">{rows(targets.others)}</Part>}
            <Part
              title="Agents"
              description="Those that called in the last 24 hours, run with the SDK now, or are stopped. A stop of one that runs with the SDK can be rehearsed."
            >
              {targets.agents.length > 0 ? (
                rows(isWhole ? targets.agents : targets.agents.slice(0, FIRST_AGENTS))
              ) : (
                <li className="p-4 text-[13px] text-ink-muted">
                  No agent called in the last 24 hours. One that is about to can be stopped by its
                  name.
                </li>
              )}
            </Part>
            {!isWhole && targets.agents.length > FIRST_AGENTS && (
              <div className="border-line border-t px-4 py-2.5">
                <Button size="small" onClick={() => setWhole(true)}>
                  Show all {formatCount(targets.agents.length)} agents
                </Button>
              </div>
            )}
            <StopOtherForm onEngage={engage} />
            <Part title="Projects">{rows(targets.projects)}</Part>
          </>
        )}
      </Panel>
      <Panel
        name="What was done"
        error={null}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined || query.isError}
        skeletonHeight={120}
      >
        {answer && (
          <Titled title="What was done">
            <SwitchHistory history={answer.history} />
          </Titled>
        )}
      </Panel>
      {question?.act === "engage" && <EngageDialog target={question.target} onClose={close} />}
      {question?.act === "rehearse" && (
        <RehearseDialog
          target={question.target}
          running={rehearsal?.end === null ? rehearsal : null}
          onBegin={setRehearsal}
          onClose={close}
        />
      )}
      {listed && <InstancesSheet target={listed} onClose={() => setOpened(null)} />}
      {question?.act === "release" && <ReleaseDialog {...question} onClose={close} />}
    </div>
  );
}

function targetOf({ project, agent }: { project: string; agent: string }): SwitchTarget {
  return { scope: "agent", project, value: agent };
}

function Part({
  title,
  description,
  children,
}: {
  title: string;
  description?: string;
  children: ReactNode;
}) {
  return (
    <div className="border-line border-t first:border-t-0">
      <div className="bg-surface px-4 py-2">
        <CardTitle className="text-[13px]">{title}</CardTitle>
        {description && <CardDescription>{description}</CardDescription>}
      </div>
      <ul aria-label={title}>{children}</ul>
    </div>
  );
}
