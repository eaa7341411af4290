import type { FieldError } from "@/lib/errors";
import { sortKeys } from "@/lib/events/canonical-json";
import { EVENT_LIMITS } from "@/lib/events/event-fields";
import type { EventShape } from "@/lib/events/event-schema";
import { isDeep } from "@/lib/events/json-depth";
import { formatDecimal, parseDecimal } from "@/lib/money";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";
import type { Usage } from "@/lib/usage/usage";

const COUNT_FIELDS = [
  "input_tokens",
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "input_audio_tokens",
  "cache_read_audio_tokens",
  "output_tokens",
  "reasoning_tokens",
  "output_audio_tokens",
  "web_searches",
] as const satisfies readonly (keyof Usage)[];

export interface UsageRead {
  usage: Usage | null;
  rawUsageText: string | null;
  serviceTier: string | null;
  inferenceGeo: string | null;
}

/**
 * Reads what an event used, from `usage` or from the provider's own object. A tier or region the event
 * names itself wins over the one inside the provider's object: its sender had a reason to write it.
 * @param errors receives each fault with its path.
 */
export function readUsage(fields: EventShape, errors: FieldError[]): UsageRead {
  const read: UsageRead = {
    usage: null,
    rawUsageText: null,
    serviceTier: fields.service_tier ?? null,
    inferenceGeo: fields.inference_geo || null,
  };
  if (fields.usage) read.usage = readCounts(fields.usage, errors);
  else if (fields.raw_usage) readRaw(fields.raw_usage, read, errors);
  return read;
}

function readRaw(
  raw: NonNullable<EventShape["raw_usage"]>,
  read: UsageRead,
  errors: FieldError[],
): void {
  const path = "raw_usage.body";
  if (isDeep(raw.body, EVENT_LIMITS.depth)) {
    errors.push({ path, message: `must be nested at most ${EVENT_LIMITS.depth} levels deep` });
    return;
  }
  const text = JSON.stringify(raw);
  if (text.length > EVENT_LIMITS.rawUsageLength) {
    const message = `must have at most ${EVENT_LIMITS.rawUsageLength} characters of JSON`;
    errors.push({ path, message });
    return;
  }
  const normalised = normaliseRawUsage(raw);
  if (!normalised.ok) {
    errors.push(...normalised.errors);
    return;
  }
  read.rawUsageText = text;
  read.usage = isEmpty(normalised.usage) ? null : normalised.usage;
  read.serviceTier ??= normalised.serviceTier ?? null;
  read.inferenceGeo ??= normalised.inferenceGeo ?? null;
}

/**
 * Drops what was sent as null and puts the rest in one order, so that a retry in another order is the same
 * content. An object without any count says nothing: that is no usage, not 0.
 */
export function readCounts(
  sent: NonNullable<EventShape["usage"]>,
  errors: FieldError[],
): Usage | null {
  const usage: Usage = {};
  for (const field of COUNT_FIELDS) {
    const count = sent[field];
    if (count !== null && count !== undefined) usage[field] = count;
  }
  const gpuSeconds = readGpuSeconds(sent.gpu_seconds, errors);
  if (gpuSeconds !== null) usage.gpu_seconds = gpuSeconds;
  if (sent.units && !isEmpty(sent.units)) usage.units = sortKeys(sent.units);
  return isEmpty(usage) ? null : usage;
}

/**
 * A JSON number has already become a float: it is taken where its shortest spelling has at most 15 digits,
 * which is then what was written. Past that the float may be another number than the one sent.
 * @returns the shortest plain decimal string, so that "1.50" and 1.5 are the same content.
 */
function readGpuSeconds(
  sent: string | number | null | undefined,
  errors: FieldError[],
): string | null {
  if (sent === null || sent === undefined) return null;
  const path = "usage.gpu_seconds";
  const text = String(sent);
  if (typeof sent === "number" && text.replace(/\D/g, "").length > 15) {
    errors.push({ path, message: "has more digits than a number keeps: send a decimal string" });
    return null;
  }
  const micro = parseDecimal(text, 6);
  if (micro === null || micro > EVENT_LIMITS.gpuSecondsMicro) {
    errors.push({ path, message: "must have at most 12 digits before the point and 6 after it" });
    return null;
  }
  return formatDecimal(micro, 6);
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
