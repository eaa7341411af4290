import { adk } from "@/ingest/otlp/dialects/adk";
import { claudeCode } from "@/ingest/otlp/dialects/claude-code";
import { copilot } from "@/ingest/otlp/dialects/copilot";
import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import { geminiCli } from "@/ingest/otlp/dialects/gemini-cli";
import { genAi } from "@/ingest/otlp/dialects/gen-ai";
import { langsmith } from "@/ingest/otlp/dialects/langsmith";
import { langwatch } from "@/ingest/otlp/dialects/langwatch";
import { openinference } from "@/ingest/otlp/dialects/openinference";
import { outlay } from "@/ingest/otlp/dialects/outlay";
import { plainNames } from "@/ingest/otlp/dialects/plain-names";
import { resource } from "@/ingest/otlp/dialects/resource";
import { tanstack } from "@/ingest/otlp/dialects/tanstack";
import { vercelAi } from "@/ingest/otlp/dialects/vercel-ai";
import { voltagent } from "@/ingest/otlp/dialects/voltagent";

/** All that we read, the most telling first: ours, one client's, one library's, a convention of many. */
export const DIALECTS: readonly Dialect[] = [
  outlay,
  claudeCode,
  copilot,
  geminiCli,
  adk,
  voltagent,
  tanstack,
  langsmith,
  langwatch,
  vercelAi,
  openinference,
  genAi,
  plainNames,
  resource,
];
