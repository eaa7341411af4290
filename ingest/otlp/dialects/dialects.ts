import { adk } from "@/ingest/otlp/dialects/adk";
import { braintrust } from "@/ingest/otlp/dialects/braintrust";
import { claudeCode } from "@/ingest/otlp/dialects/claude-code";
import { codex } from "@/ingest/otlp/dialects/codex";
import { copilot } from "@/ingest/otlp/dialects/copilot";
import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import { geminiCli } from "@/ingest/otlp/dialects/gemini-cli";
import { genAi } from "@/ingest/otlp/dialects/gen-ai";
import { genkit } from "@/ingest/otlp/dialects/genkit";
import { laminar } from "@/ingest/otlp/dialects/laminar";
import { langfuse } from "@/ingest/otlp/dialects/langfuse";
import { langsmith } from "@/ingest/otlp/dialects/langsmith";
import { langwatch } from "@/ingest/otlp/dialects/langwatch";
import { latitude } from "@/ingest/otlp/dialects/latitude";
import { litellm } from "@/ingest/otlp/dialects/litellm";
import { livekit } from "@/ingest/otlp/dialects/livekit";
import { logfireClaude } from "@/ingest/otlp/dialects/logfire-claude";
import { mastra } from "@/ingest/otlp/dialects/mastra";
import { mlflow } from "@/ingest/otlp/dialects/mlflow";
import { openaiAgents } from "@/ingest/otlp/dialects/openai-agents";
import { openinference } from "@/ingest/otlp/dialects/openinference";
import { openlit } from "@/ingest/otlp/dialects/openlit";
import { openllmetry } from "@/ingest/otlp/dialects/openllmetry";
import { openllmetryJs } from "@/ingest/otlp/dialects/openllmetry-js";
import { opik } from "@/ingest/otlp/dialects/opik";
import { outlay } from "@/ingest/otlp/dialects/outlay";
import { pipecat } from "@/ingest/otlp/dialects/pipecat";
import { plainNames } from "@/ingest/otlp/dialects/plain-names";
import { pydanticAi } from "@/ingest/otlp/dialects/pydantic-ai";
import { qwenCode } from "@/ingest/otlp/dialects/qwen-code";
import { resource } from "@/ingest/otlp/dialects/resource";
import { semanticKernel } from "@/ingest/otlp/dialects/semantic-kernel";
import { sentry } from "@/ingest/otlp/dialects/sentry";
import { strands } from "@/ingest/otlp/dialects/strands";
import { tanstack } from "@/ingest/otlp/dialects/tanstack";
import { vercelAi } from "@/ingest/otlp/dialects/vercel-ai";
import { voltagent } from "@/ingest/otlp/dialects/voltagent";
import { weave } from "@/ingest/otlp/dialects/weave";

/** All that we read, the most telling first: ours, one client's, one library's, a convention of many. */
export const DIALECTS: readonly Dialect[] = [
  outlay,
  claudeCode,
  codex,
  copilot,
  geminiCli,
  qwenCode,
  adk,
  voltagent,
  genkit,
  mastra,
  langfuse,
  tanstack,
  langsmith,
  langwatch,
  braintrust,
  mlflow,
  logfireClaude,
  pydanticAi,
  strands,
  livekit,
  pipecat,
  litellm,
  semanticKernel,
  laminar,
  latitude,
  openlit,
  opik,
  weave,
  sentry,
  vercelAi,
  openaiAgents,
  openinference,
  openllmetryJs,
  openllmetry,
  genAi,
  plainNames,
  resource,
];
