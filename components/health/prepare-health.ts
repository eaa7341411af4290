import { formatBytes, formatCount, formatDuration, formatQuantity } from "@/lib/format";
import type { HealthAnswer } from "@/lib/health/health-schemas";

/** One figure of the health, ready to be shown. Null `value`: it is not known, and `notes` say why. */
export interface HealthFact {
  title: string;
  value: string | null;
  notes: string[];
  /** It wants somebody's attention. */
  isUnwell: boolean;
}

/** Less than this share of a disk left is worth a word. */
const LOW_DISK_SHARE = 0.1;

type PartOf<Name extends keyof HealthAnswer> = Extract<HealthAnswer[Name], { known: true }>;

/** The facts of the page, in its order. Times come as RFC 3339 and are shown by `clock`. */
export function prepareHealth(health: HealthAnswer, clock: (at: string) => string): HealthFact[] {
  const { received, backlog, rejected, disk, rollups, integrity } = health;
  return [
    fact("Events a minute", received, (part) => receivedFact(part, clock)),
    fact("Backlog", backlog, (part) => backlogFact(part, clock)),
    fact("Did not count today", rejected, rejectedFact),
    fact("Disk", disk, diskFact),
    fact("Rollups", rollups, (part) => rollupsFact(part, clock)),
    fact("Integrity", integrity, (part) => integrityFact(part, clock)),
  ];
}

function fact<Known extends { known: true }>(
  title: string,
  part: Known | { known: false; reason: string },
  tell: (part: Known) => Omit<HealthFact, "title">,
): HealthFact {
  if (part.known) return { title, ...tell(part) };
  return { title, value: null, notes: [part.reason], isUnwell: true };
}

function receivedFact({ events, to }: PartOf<"received">, clock: (at: string) => string) {
  return {
    value: formatRate(events / 60),
    notes: [
      `${formatQuantity(events, "event")} in the 60 minutes to ${clock(to)}, by the time they came in. Events older than two days are not counted here.`,
    ],
    isUnwell: false,
  };
}

/** Up to 10 a minute with one decimal; less than a tenth is not nothing. */
function formatRate(perMinute: number): string {
  if (perMinute === 0) return "0";
  if (perMinute < 0.05) return "<0.1";
  return perMinute < 9.95 ? perMinute.toFixed(1) : formatCount(Math.round(perMinute));
}

function backlogFact(part: PartOf<"backlog">, clock: (at: string) => string) {
  const notes: string[] = [];
  if (part.bytes !== null) notes.push(`${formatBytes(part.bytes)} in the spool.`);
  if (part.events > 0 && part.oldest_seconds !== null) {
    notes.push(`The oldest has waited ${formatDuration(part.oldest_seconds * 1000)}.`);
  }
  if (part.fresh_to) notes.push(`Figures have all events up to ${clock(part.fresh_to)}.`);
  if (part.bytes === null) notes.push("As the processes that take events told last.");
  const isUnwell = (part.oldest_seconds ?? 0) > 60;
  return { value: formatQuantity(part.events, "event"), notes, isUnwell };
}

function rejectedFact({ rejected, conflict, poisoned }: PartOf<"rejected">) {
  const all = rejected + conflict + poisoned;
  return {
    value: formatQuantity(all, "event"),
    notes: [
      `${formatCount(rejected)} rejected, ${formatCount(conflict)} in conflict, ${formatCount(poisoned)} poisoned since 00:00 UTC. Integrity lists them with the reason.`,
    ],
    isUnwell: poisoned > 0,
  };
}

function diskFact(part: PartOf<"disk">) {
  const largest = part.parts
    .filter(({ bytes }) => bytes > 0)
    .slice(0, 4)
    .map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`);
  const isLow = part.free_bytes < part.total_bytes * LOW_DISK_SHARE;
  return {
    value: `${formatBytes(part.free_bytes)} free`,
    notes: [
      `${formatBytes(part.used_bytes)} in ${part.folder}${largest.length > 0 ? `: ${largest.join(", ")}` : ""}.`,
      `The disk has ${formatBytes(part.total_bytes)}; the spool takes at most ${formatBytes(part.spool_max_bytes)}.`,
      ...(isLow ? ["Less than a tenth of the disk is free."] : []),
    ],
    isUnwell: isLow,
  };
}

function rollupsFact({ behind, oldest }: PartOf<"rollups">, clock: (at: string) => string) {
  if (behind === 0) {
    return {
      value: "Up to date",
      notes: ["Every quarter of an hour that closed more than five minutes ago is summed."],
      isUnwell: false,
    };
  }
  return {
    value: `${formatQuantity(behind, "quarter of an hour", "quarters of an hour")} behind`,
    notes: [
      `${oldest ? `From ${clock(oldest)} on. ` : ""}Figures are exact meanwhile: they are summed from the calls, which takes longer.`,
    ],
    isUnwell: false,
  };
}

function integrityFact(part: PartOf<"integrity">, clock: (at: string) => string) {
  const run = part.last_full_run;
  // Of a new installation every day was compared, and there was none: that says nothing.
  const isTold = run && (run.days > 0 || run.error);
  const lastRun = isTold
    ? [
        run.error
          ? `The comparison of every day at ${clock(run.finished_at)} failed: ${run.error}`
          : `Every day was last compared at ${clock(run.finished_at)}: ${formatQuantity(run.days, "day")}, ${formatQuantity(run.differences, "difference")}.`,
      ]
    : [];
  const isUnwell = part.different > 0 || Boolean(run?.error);
  if (part.checked_at === null) {
    return { value: "Nothing compared yet", notes: lastRun, isUnwell };
  }
  const days = formatQuantity(part.days, "day");
  return {
    value:
      part.different > 0 ? `${formatQuantity(part.different, "day")} differ` : "The numbers agree",
    notes: [
      `${days} compared${part.moving > 0 ? `, ${formatCount(part.moving)} still moving` : ""}; the last one at ${clock(part.checked_at)}.`,
      ...lastRun,
    ],
    isUnwell,
  };
}

/** Name and version of each part that runs; null where it is not known, with the reason. */
export function listVersions({ versions }: HealthAnswer) {
  const store = (name: string, part: HealthAnswer["versions"]["clickhouse"]) =>
    part.known
      ? {
          name,
          version: part.version,
          note: part.kind === "embedded" ? "in this process" : "a server",
        }
      : { name, version: null, note: part.reason };
  return [
    { name: "Outlay", version: versions.outlay, note: `role ${versions.role}` },
    { name: "Node.js", version: versions.node, note: "" },
    store("ClickHouse", versions.clickhouse),
    store("PostgreSQL", versions.postgres),
  ];
}
