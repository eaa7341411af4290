import type { AlertKind, Audience } from "@/lib/alerts/alert";
import type { ChannelMatch, ChannelType } from "@/lib/channels/channel";
import type {
  ChannelAnswer,
  ChannelTestAnswer,
  ListedChannelAnswer,
} from "@/lib/channels/channel-schemas";
import { formatDuration } from "@/lib/format";

interface TypeWords {
  label: string;
  /** What it sends where, a sentence. */
  meaning: string;
}

export const TYPE_WORDS: Readonly<Record<ChannelType, TypeWords>> = {
  webhook: { label: "Webhook", meaning: "Posts signed JSON to an address of yours." },
  slack: { label: "Slack", meaning: "Posts to a Slack channel by its incoming webhook." },
  email: { label: "E-mail", meaning: "Writes to one address or several." },
  pagerduty: {
    label: "PagerDuty",
    meaning: "Opens an incident of a service, and resolves it when the alert is over.",
  },
};

/** Without what validates them: a browser needs their names alone. */
export const CHANNEL_TYPES = Object.keys(TYPE_WORDS) as ChannelType[];

export const AUDIENCE_WORDS: Readonly<Record<Audience, { label: string; meaning: string }>> = {
  lead: { label: "The lead", meaning: "who answers for the team: told early, of the first stages" },
  finance: { label: "Finance", meaning: "who answers for the money: told at the limit" },
  engineering: { label: "Engineering", meaning: "who can mend it: told at the limit" },
};

export const KIND_LABELS: Readonly<Record<AlertKind, string>> = {
  threshold: "Budget stages",
  spike: "Spikes",
  forecast: "Forecasts",
  silence: "Silence",
  unpriced: "Unpriced calls",
  unreserved: "Unreserved spending",
};

/** Where a channel leads, in outlines: its secrets are never answered. */
export function sayWhere({ type, config }: Pick<ChannelAnswer, "type" | "config">): string {
  if (config === null) return "its address cannot be read";
  if (type === "email") return (config.to ?? []).join(", ");
  if (type === "pagerduty") return `integration key ${config.routing_key ?? "…"}`;
  return config.url ?? "…";
}

/** Which notices alone it gets: `spikes and silence of project shop`; null: all of its audience. */
export function describeMatch({ project, kind, agent, feature }: ChannelMatch): string | null {
  const kinds = kind?.map((one) => KIND_LABELS[one].toLowerCase());
  const places = [
    named("project", project),
    named("agent", agent),
    named("feature", feature),
  ].filter((text) => text !== null);
  if (!kinds && places.length === 0) return null;
  const what = kinds ? join(kinds, "and") : "notices";
  return places.length === 0 ? what : `${what} of ${places.join(", and of ")}`;
}

function named(noun: string, names: readonly string[] | undefined): string | null {
  return names && names.length > 0 ? `${noun} ${join(names, "or")}` : null;
}

function join(words: readonly string[], last: string): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** How the latest notice stands, in words that a time follows; null: there was none. */
export function sayLast(last: ListedChannelAnswer["last_delivery"]): string | null {
  if (last === null) return null;
  const why = last.last_error ?? "no reason was given";
  switch (last.state) {
    case "sent":
      return "Last notice sent";
    case "dead":
      return `Last notice given up (“${why}”), the last try was due`;
    case "pending":
      return last.last_error === null
        ? "Last notice goes out"
        : `Last notice fails (“${why}”), the next try is due`;
  }
}

/** What came of a test, in words. */
export function sayTest({ sent, took_ms, receipt, error }: ChannelTestAnswer): string {
  const took = formatDuration(took_ms);
  if (sent) return `It took the test in ${took}${receipt ? ` and answered ${receipt}` : ""}.`;
  return `It did not take the test (${took}): ${error ?? "no reason was given"}.`;
}
