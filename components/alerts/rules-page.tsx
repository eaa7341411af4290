"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { KIND_WORDS } from "@/components/alerts/kind-words";
import { RuleItem, type RuleWish } from "@/components/alerts/rule-item";
import { resetRule, rulesQuery } from "@/components/alerts/rule-requests";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { RULE_KINDS } from "@/lib/alerts/alert-rules";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const EditRuleDialog = dynamic(
  () => import("@/components/alerts/edit-rule-dialog").then((module) => module.EditRuleDialog),
  { ssr: false },
);

/** Which alerts are raised, from which amount on and for whom; a project may differ from all. */
export function RulesPage() {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const query = useQuery(rulesQuery(project));
  const [wish, setWish] = useState<RuleWish | null>(null);
  const one = project === ALL_PROJECTS ? null : project;
  const mayWrite =
    may("alerts.write_rules", null) || projects.some(({ slug }) => may("alerts.write_rules", slug));
  const rules = query.data?.rules;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-muted text-sm">
          What Outlay looks for by itself, each minute, whatever the budgets say. A budget's own
          stages are set with the budget; where notices go stands under Channels.
          {one === null && " Choose a project above to give it a rule of its own."}
        </p>
        {!mayWrite && <NeedsRole permission="alerts.write_rules" what="Changing a rule" />}
      </div>
      <Panel
        name="Alert rules"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={420}
      >
        {rules && (
          <ul aria-label="Alert rules">
            {RULE_KINDS.map((kind) => {
              const common = rules.find((rule) => rule.kind === kind && rule.project === null);
              const own = rules.filter((rule) => rule.kind === kind && rule.project !== null);
              return (
                common && (
                  <RuleItem key={kind} common={common} own={own} project={one} onWish={setWish} />
                )
              );
            })}
          </ul>
        )}
      </Panel>
      {wish?.action === "edit" && (
        <EditRuleDialog rule={wish.rule} project={wish.project} onClose={() => setWish(null)} />
      )}
      {wish?.action === "reset" && <ResetDialog {...wish} onClose={() => setWish(null)} />}
    </div>
  );
}

function ResetDialog({ rule, project, onClose }: RuleWish & { onClose: () => void }) {
  const queries = useQueryClient();
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Set ${KIND_WORDS[rule.kind].label.toLowerCase()} back?`}
      description={
        project === null
          ? "What Outlay begins with holds again, in every project without a rule of its own."
          : `What holds everywhere holds in ${project} again.`
      }
      submitLabel="Set it back"
      busyLabel="Setting it back…"
      onSubmit={async () => {
        await resetRule(rule.kind, project);
        await queries.invalidateQueries({ queryKey: ["alert-rules"] });
      }}
    />
  );
}
