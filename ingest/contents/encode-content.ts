import { toBucket } from "@/db/clickhouse/llm-call-row";
import { dateTimeText } from "@/ingest/events/date-time-text";
import { quote, textMember } from "@/ingest/events/json-text";
import type { IngestProject } from "@/ingest/project-lookup";
import { CONTENT_PARTS, redactContent } from "@/lib/contents/redact-content";
import type { CallContent } from "@/lib/traces/call-content";

/** The call that something was said in. */
export interface ContentCall {
  /** As in `llm_calls`. */
  id: string;
  /** Start in microseconds since 1970. */
  timestampUs: number;
  user?: string | null | undefined;
  session?: string | null | undefined;
}

const DAY_MS = 86_400_000;

/**
 * The row of `call_contents` of a call, for `SpoolEvent.content`: redacted and bounded, so nothing else of what was said
 * reaches a disk.
 * @returns null where the project keeps none, where it would have expired already, and where nothing was said
 */
export function encodeContent(
  content: CallContent,
  call: ContentCall,
  context: IngestProject & { nowMs: number },
): Buffer | null {
  if (!context.keepsContent) return null;
  const expiresMs = call.timestampUs / 1000 + context.contentRetentionDays * DAY_MS;
  if (expiresMs <= context.nowMs) return null;
  const { parts, cut, redacted } = redactContent(content, context.redactionPatterns);
  const said = CONTENT_PARTS.map((part) => textMember(part, parts[part])).join("");
  if (said === "") return null;
  const counts = [...redacted].map(([name, count]) => `${quote(name)}:${count}`);
  return Buffer.from(
    `,"project_id":${quote(context.projectId)},"bucket":${toBucket(call.timestampUs)}` +
      `,"id":${quote(call.id)},"ts":"${dateTimeText(call.timestampUs)}"` +
      `${textMember("user", call.user)}${textMember("session", call.session)}${said}` +
      `,"cut":[${cut.map(quote).join(",")}],"redacted":{${counts.join(",")}}}\n`,
  );
}
