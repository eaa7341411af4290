import type { AlertKind, Audience } from "@/lib/alerts/alert";
import type { ChannelMatch, ChannelType } from "@/lib/channels/channel";
import type { ChannelAnswer } from "@/lib/channels/channel-schemas";

/** A channel as it is typed. */
export interface ChannelDraft {
  type: ChannelType;
  /** Slug; null: of every project. */
  project: string | null;
  name: string;
  audience: Audience;
  /** Of a webhook or Slack; of one that is there already empty: it stays. */
  url: string;
  /** Addresses with commas, spaces or lines between. */
  to: string;
  routingKey: string;
  /** A webhook's signing secret is made anew. */
  hasNewSecret: boolean;
  kinds: readonly AlertKind[];
  /** Names with commas between. */
  projects: string;
  agents: string;
  features: string;
}

/** Where a fault stands in the form. */
export type ChannelField = "name" | "url" | "to" | "routingKey";

/** What a new channel begins with. @param project slug; null: of every project */
export function startChannelDraft(project: string | null): ChannelDraft {
  return {
    type: "webhook",
    project,
    name: "",
    audience: "engineering",
    url: "",
    to: "",
    routingKey: "",
    hasNewSecret: false,
    kinds: [],
    projects: "",
    agents: "",
    features: "",
  };
}

/** A channel as it would be typed: what is secret stays unless something is typed over it. */
export function channelDraftOf({ name, type, audience, match, config, project }: ChannelAnswer) {
  const draft: ChannelDraft = {
    ...startChannelDraft(project),
    type,
    name,
    audience,
    to: (config?.to ?? []).join(", "),
    kinds: match.kind ?? [],
    projects: printNames(match.project),
    agents: printNames(match.agent),
    features: printNames(match.feature),
  };
  return draft;
}

/** What is missing or wrong, by field. @param isNew false: what is secret may stay as it is */
export function listChannelFaults(
  draft: ChannelDraft,
  isNew: boolean,
): Partial<Record<ChannelField, string>> {
  const faults: Partial<Record<ChannelField, string>> = {};
  const { type } = draft;
  if (draft.name.trim() === "") faults.name = "Give it a name, as people will read it.";
  if (type === "webhook" || type === "slack") {
    const url = draft.url.trim();
    if ((isNew || url !== "") && !isHttpUrl(url)) {
      faults.url = "An address that begins with https://.";
    }
  }
  if (type === "email" && !isEveryAddress(readNames(draft.to, /[,;\s]+/))) {
    faults.to = "One e-mail address or several, with commas between.";
  }
  const key = draft.routingKey.trim();
  if (type === "pagerduty" && (isNew || key !== "") && !/^[A-Za-z0-9]{20,64}$/.test(key)) {
    faults.routingKey = "The integration key of a service: letters and digits, usually 32.";
  }
  return faults;
}

/** The body of POST /api/channels. */
export function createChannelBody(draft: ChannelDraft): object {
  const { type, project, name, audience } = draft;
  return {
    type,
    project,
    name: name.trim(),
    audience,
    match: matchOf(draft),
    config: configOf(draft),
  };
}

/** The body of PATCH /api/channels/{id}: of its address and secrets only what was typed. */
export function changeChannelBody(draft: ChannelDraft): object {
  const { name, audience } = draft;
  const config = configOf(draft);
  return {
    name: name.trim(),
    audience,
    match: matchOf(draft),
    ...(Object.keys(config).length > 0 ? { config } : {}),
  };
}

function configOf({ type, url, to, routingKey, hasNewSecret }: ChannelDraft): object {
  if (type === "email") return { to: readNames(to, /[,;\s]+/) };
  if (type === "pagerduty")
    return routingKey.trim() === "" ? {} : { routing_key: routingKey.trim() };
  return {
    ...(url.trim() === "" ? {} : { url: url.trim() }),
    ...(hasNewSecret ? { secret: null } : {}),
  };
}

function matchOf({ kinds, projects, agents, features, project }: ChannelDraft): ChannelMatch {
  const names = { agent: readNames(agents), feature: readNames(features) };
  // One of a single project is told of no other's anyway.
  const slugs = project === null ? readNames(projects) : [];
  return {
    ...(slugs.length > 0 ? { project: slugs } : {}),
    ...(kinds.length > 0 ? { kind: [...kinds] } : {}),
    ...(names.agent.length > 0 ? { agent: names.agent } : {}),
    ...(names.feature.length > 0 ? { feature: names.feature } : {}),
  };
}

function readNames(text: string, between: RegExp = /[,\n]+/): string[] {
  const names = text.split(between).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

function printNames(names: readonly string[] | undefined): string {
  return names?.join(", ") ?? "";
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isEveryAddress(addresses: readonly string[]): boolean {
  return (
    addresses.length > 0 && addresses.every((one) => /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(one))
  );
}
