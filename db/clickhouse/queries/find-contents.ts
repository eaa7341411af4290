import { z } from "zod";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const row = z.object({
  id: z.string(),
  system: z.string(),
  messages: z.string(),
  tools: z.string(),
  completion: z.string(),
  cut: z.array(z.string()),
  redacted: z.record(z.string(), z.coerce.number()),
});

/**
 * What was said in a call; where nothing is kept under its own id, in what only repeats it (`linked_id`), which may be
 * the one of two instrumentations that sends prompts. Its own comes first.
 */
export const findContents = defineQuery({
  name: "find-contents",
  params: scopeParams.extend({ id: z.string(), linkedId: z.string(), traceId: z.string() }),
  row,
  sql: ({ projectIds, fromUs, toUs, id, linkedId, traceId }) => ({
    text: `
SELECT id, system, messages, tools, completion, cut, redacted FROM call_contents FINAL
WHERE project_id IN {projects:Array(String)}
  AND ts >= fromUnixTimestamp64Micro({fromUs:Int64}, 'UTC')
  AND ts < fromUnixTimestamp64Micro({toUs:Int64}, 'UTC')
  AND (id IN ({id:String}, {linkedId:String}) OR (project_id, bucket, id) IN (
    SELECT project_id, bucket, id FROM llm_calls FINAL
    WHERE project_id IN {projects:Array(String)} AND {traceId:String} != ''
      AND trace_id = {traceId:String} AND linked_id = {id:String}))
ORDER BY id = {id:String} DESC, length(messages) + length(completion) DESC LIMIT 1`,
    values: { projects: projectIds, fromUs, toUs, id, linkedId, traceId },
  }),
});
