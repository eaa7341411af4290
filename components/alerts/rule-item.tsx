"use client";

import { BellOff, BellRing, Pencil, Undo2 } from "lucide-react";
import { KIND_WORDS } from "@/components/alerts/kind-words";
import { describeRule } from "@/components/alerts/rule-words";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";

/** What a click on a rule asks for. */
export interface RuleWish {
  rule: AlertRuleAnswer;
  /** Slug; null: everywhere. */
  project: string | null;
  action: "edit" | "reset";
}

interface RuleItemProps {
  /** What holds everywhere. */
  common: AlertRuleAnswer;
  /** What projects have of their own, by slug. */
  own: readonly AlertRuleAnswer[];
  /** The project that one looks at; null: all. */
  project: string | null;
  onWish: (wish: RuleWish) => void;
}

/** One kind of alert: what holds everywhere, and where it is otherwise. */
export function RuleItem({ common, own, project, onWish }: RuleItemProps) {
  const { label, meaning } = KIND_WORDS[common.kind];
  const hasOwn = own.some((rule) => rule.project === project);
  const may = useMay();
  return (
    <li className="flex flex-col gap-2 border-line border-t p-4 first:border-t-0">
      <h2 className="font-medium text-sm">{label}</h2>
      <p className="text-[13px] text-ink-muted">{meaning}</p>
      <RuleLine rule={common} where="Everywhere" place={null} onWish={onWish} />
      {own.map((rule) => (
        <RuleLine
          key={rule.project}
          rule={rule}
          where={`In ${rule.project}`}
          place={rule.project}
          onWish={onWish}
        />
      ))}
      {project !== null && !hasOwn && may("alerts.write_rules", project) && (
        <Button
          size="small"
          className="self-start"
          aria-label={`Another rule in ${project}: ${label}`}
          onClick={() => onWish({ rule: common, project, action: "edit" })}
        >
          <Pencil aria-hidden="true" />
          Another rule in {project}
        </Button>
      )}
    </li>
  );
}

interface RuleLineProps {
  rule: AlertRuleAnswer;
  where: string;
  place: string | null;
  onWish: (wish: RuleWish) => void;
}

function RuleLine({ rule, where, place, onWish }: RuleLineProps) {
  const { timeZone } = useWorkspace();
  const mayWrite = useMay()("alerts.write_rules", place);
  const { label } = KIND_WORDS[rule.kind];
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-col gap-1 text-[13px]">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium [overflow-wrap:anywhere]">{where}</span>
          {rule.enabled ? (
            <Badge variant="good">
              <BellRing aria-hidden="true" />
              On
            </Badge>
          ) : (
            <Badge>
              <BellOff aria-hidden="true" />
              Off
            </Badge>
          )}
          <span>{describeRule(rule)}</span>
        </p>
        {rule.updated_at !== null && (
          <p className="text-ink-muted">
            Set <Moment at={rule.updated_at} timeZone={timeZone} /> by {rule.updated_by}
          </p>
        )}
      </div>
      {mayWrite && (
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            aria-label={`Change ${label}, ${where.toLowerCase()}`}
            onClick={() => onWish({ rule, project: place, action: "edit" })}
          >
            <Pencil aria-hidden="true" />
            Change
          </Button>
          {!rule.is_default && (
            <Button
              size="small"
              aria-label={`Set back ${label}, ${where.toLowerCase()}`}
              onClick={() => onWish({ rule, project: place, action: "reset" })}
            >
              <Undo2 aria-hidden="true" />
              Set back
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
