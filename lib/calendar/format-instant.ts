import { offsetMs } from "@/lib/zone-time";

/**
 * An instant as RFC 3339 with its zone's offset: `2026-11-21T00:00:00+05:45`. A fraction of a second is
 * written only where there is one.
 * @param instantUs microseconds since 1970, a whole number
 */
export function formatInstant(instantUs: number, timeZone: string): string {
  const offset = offsetMs(Math.floor(instantUs / 1000), timeZone);
  const localUs = instantUs + offset * 1000;
  const seconds = Math.floor(localUs / 1e6);
  const restUs = localUs - seconds * 1e6;
  const fraction = restUs === 0 ? "" : `.${String(restUs).padStart(6, "0").replace(/0+$/, "")}`;
  const clock = new Date(seconds * 1000).toISOString().slice(0, 19);
  const minutes = Math.abs(offset) / 60_000;
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${clock}${fraction}${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
