import type { Metadata } from "next";
import { LazyAgentSteps } from "@/components/keys/lazy-agent-steps";
import { LazyCodingAgents } from "@/components/spend/lazy-coding-agents";

export const metadata: Metadata = { title: "Coding agents" };

/** What Claude Code, Codex and their like cost, by person and repository. Before the first call: how to set one up. */
export default function CodingAgentsPage() {
  return <LazyCodingAgents setUp={<LazyAgentSteps />} />;
}
