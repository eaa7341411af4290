"use client";

import { useMemo } from "react";
import { SeriesDot } from "@/components/charts/series-dot";
import { useColours } from "@/components/charts/use-colours";
import { Titled } from "@/components/states/titled";
import { CoordinationCard } from "@/components/traces/coordination-card";
import { cssPercent, shareOf } from "@/components/traces/place-bars";
import { rankAgents } from "@/components/traces/rank-agents";
import { StepCost } from "@/components/traces/step-cost";
import { readUsd } from "@/components/traces/to-cost-tree";
import type { SessionTree } from "@/components/traces/trace-answer";
import { Card } from "@/components/ui/card";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount, formatQuantity, formatShare, formatTokens } from "@/lib/format";
import type { TreeAgent } from "@/lib/traces/trace-schemas";

/** What each agent cost by itself, and with everything that ran under it. */
export function AgentsPanel({ session }: { session: SessionTree }) {
  const { answer, tree } = session;
  const { agents, agent_count: count, coordination } = answer;
  const slots = useColours(useMemo(() => rankAgents(tree), [tree]));
  const hidden = count - agents.length;
  return (
    <div className="flex flex-col gap-4">
      <Card aria-label="Agents" className="overflow-hidden">
        <Titled
          title="Agents"
          description="Own costs add up to the session's. With all below: whatever ran under the agent, its own included."
        >
          <Table label="Sums by agent">
            <TableHeader>
              <TableRow>
                <TableHead className="pl-4">Agent</TableHead>
                <TableHead className="text-right">Own</TableHead>
                <TableHead className="text-right">Share</TableHead>
                <TableHead className="w-48 max-sm:hidden">
                  <span className="sr-only">Share, drawn</span>
                </TableHead>
                <TableHead className="text-right">With all below</TableHead>
                <TableHead className="text-right">Calls</TableHead>
                <TableHead className="text-right">Steps</TableHead>
                <TableHead className="text-right">Tokens in</TableHead>
                <TableHead className="text-right">From cache</TableHead>
                <TableHead className="text-right">Tokens out</TableHead>
                <TableHead className="text-right">Errors</TableHead>
                <TableHead className="text-right">Retries</TableHead>
                <TableHead className="pr-4 text-right">Re-read</TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {agents.map((agent) => (
                <AgentRow
                  key={agent.agent ?? ""}
                  agent={agent}
                  slot={slots.get(agent.agent ?? "") ?? null}
                  wholeUsd={tree.totalUsd}
                />
              ))}
            </TableBody>
          </Table>
          {hidden > 0 && (
            <p className="border-line border-t px-4 py-2.5 text-[13px] text-ink-muted">
              The dearest {formatQuantity(agents.length, "agent")} of {formatCount(count)}.
            </p>
          )}
        </Titled>
      </Card>
      <CoordinationCard coordination={coordination} />
    </div>
  );
}

interface AgentRowProps {
  agent: TreeAgent;
  slot: number | null;
  wholeUsd: bigint | null;
}

function AgentRow({ agent, slot, wholeUsd }: AgentRowProps) {
  const own = readUsd(agent.cost_usd);
  return (
    <TableRow className="hover:bg-surface">
      <TableHead scope="row" className="pl-4 font-normal">
        <span className="flex items-center gap-2">
          <SeriesDot slot={slot} />
          <span className="max-w-40 truncate sm:max-w-64" title={agent.agent ?? ""}>
            {agent.agent ?? <span className="pr-1 text-ink-muted italic">(no agent)</span>}
          </span>
          {agent.is_sub_agent && agent.parent_agent !== null && (
            <span className="max-w-32 truncate text-ink-muted">under {agent.parent_agent}</span>
          )}
        </span>
      </TableHead>
      <TableCell className="figures">
        <StepCost usd={own} isAtLeast={agent.is_at_least} isSum />
      </TableCell>
      <TableCell className="figures">{formatShare(own ?? 0n, wholeUsd ?? 0n) ?? "—"}</TableCell>
      <TableCell className="max-sm:hidden">
        <span
          aria-hidden="true"
          className="flex h-2.5 overflow-hidden rounded-full bg-surface-strong"
        >
          <span className="bg-accent" style={{ width: cssPercent(shareOf(own, wholeUsd)) }} />
        </span>
      </TableCell>
      <TableCell className="figures">
        <StepCost usd={readUsd(agent.total_cost_usd)} isAtLeast={agent.is_total_at_least} isSum />
      </TableCell>
      <TableCell className="figures">{formatCount(agent.calls)}</TableCell>
      <TableCell className="figures">{formatCount(agent.steps)}</TableCell>
      <TableCell className="figures">{formatTokens(agent.tokens.input)}</TableCell>
      <TableCell className="figures">{formatTokens(agent.tokens.cache_read)}</TableCell>
      <TableCell className="figures">{formatTokens(agent.tokens.output)}</TableCell>
      <TableCell className="figures">
        <span className={agent.errors > 0 ? "text-danger" : ""}>{formatCount(agent.errors)}</span>
      </TableCell>
      <TableCell className="figures">{formatCount(agent.retries)}</TableCell>
      <TableCell className="figures pr-4">{formatTokens(agent.coordination_tokens)}</TableCell>
    </TableRow>
  );
}
