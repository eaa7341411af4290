import { parseDecimal } from "@/lib/money";
import type { PriceClass } from "@/lib/prices/price-class";
import type { UnitPrices } from "@/lib/prices/price-record";
import type { Usage } from "@/lib/usage/usage";

/** GPU time is counted in microseconds: the contract allows six decimals. */
export const GPU_FRACTION_DIGITS = 6;

/** How much of one class a call used; never 0. */
export interface BillableUnits {
  class: PriceClass;
  /** A whole number, of microseconds for `gpu_seconds`. */
  units: bigint;
}

/**
 * Splits a usage into disjoint classes, so that no token is billed twice. What a part is taken out of its whole for
 * depends on the prices: reasoning is plain output unless the model has a price for it.
 * Takes a usage that `checkUsage` found no fault in.
 */
export function splitUsage(usage: Usage, prices: UnitPrices): BillableUnits[] {
  const split: BillableUnits[] = [];
  const add = (name: PriceClass, count: number): void => {
    if (count > 0) split.push({ class: name, units: BigInt(count) });
  };
  addInput(usage, add);
  addOutput(usage, prices, add);
  add("web_searches", usage.web_searches ?? 0);
  if (usage.gpu_seconds) addGpuTime(usage.gpu_seconds, split);
  for (const name in usage.units) {
    if (name !== "output_image_tokens") add(name, usage.units[name] ?? 0);
  }
  return split;
}

function addGpuTime(seconds: string, split: BillableUnits[]): void {
  const microseconds = parseDecimal(seconds, GPU_FRACTION_DIGITS) ?? 0n;
  if (microseconds > 0n) split.push({ class: "gpu_seconds", units: microseconds });
}

type AddUnits = (name: PriceClass, count: number) => void;

function addInput(usage: Usage, add: AddUnits): void {
  const input = usage.input_tokens ?? 0;
  const read = usage.cache_read_tokens ?? 0;
  const write5m = usage.cache_write_5m_tokens ?? 0;
  const write1h = usage.cache_write_1h_tokens ?? 0;
  const audio = usage.input_audio_tokens ?? 0;
  const cached = read + write5m + write1h;
  // Audio may be cached. Where nobody says how much, it is what the counts force: audio and cached tokens that
  // do not fit into the input side by side are the same tokens, and are billed as cached.
  const cachedAudio = Math.max(usage.cache_read_audio_tokens ?? 0, audio + cached - input);
  const readAudio = Math.min(cachedAudio, read);
  add("input", input - cached - (audio - cachedAudio));
  add("cache_read", read - readAudio);
  add("cache_read_audio", readAudio);
  add("cache_write_5m", write5m);
  add("cache_write_1h", write1h);
  add("input_audio", audio - cachedAudio);
}

function addOutput(usage: Usage, prices: UnitPrices, add: AddUnits): void {
  const audio = usage.output_audio_tokens ?? 0;
  const images = usage.units?.output_image_tokens ?? 0;
  // Reasoning is already in the output: it has a line of its own only where the provider charges another price for it.
  const reasoning = prices.has("reasoning") ? (usage.reasoning_tokens ?? 0) : 0;
  add("output", Math.max(0, (usage.output_tokens ?? 0) - audio - images - reasoning));
  add("reasoning", reasoning);
  add("output_audio", audio);
  add("output_image_tokens", images);
}
