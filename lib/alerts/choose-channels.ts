import type { Alert } from "@/lib/alerts/alert";
import type { Channel } from "@/lib/channels/channel";

/**
 * Which channels are told of an alert: those its stage names; where it names none, or none of them is left, those of its
 * audience that want its kind. Another project's channel is never told, whoever named it.
 * @param slugs of projects by id
 */
export function chooseChannels(
  alert: Alert,
  channels: readonly Channel[],
  slugs: ReadonlyMap<string, string>,
): Channel[] {
  const within = channels.filter(
    ({ projectId }) =>
      projectId === null || alert.projectId === null || projectId === alert.projectId,
  );
  const named = within.filter(({ id }) => alert.notify.includes(id));
  if (named.length > 0) return named;
  return within.filter(
    (channel) =>
      // What is everybody's is not told in one project's channel unless it was named.
      (channel.projectId === null || channel.projectId === alert.projectId) &&
      alert.audience.includes(channel.audience) &&
      isWanted(alert, channel, slugs),
  );
}

function isWanted(alert: Alert, { match }: Channel, slugs: ReadonlyMap<string, string>): boolean {
  const slug = alert.projectId === null ? null : (slugs.get(alert.projectId) ?? null);
  return (
    holds(match.project, slug) &&
    holds(match.kind, alert.facts.kind) &&
    holds(match.agent, tagOf(alert, "agent")) &&
    holds(match.feature, tagOf(alert, "feature"))
  );
}

function holds(wanted: readonly string[] | undefined, name: string | null): boolean {
  return wanted === undefined || (name !== null && wanted.includes(name));
}

/** The agent or feature that an alert is about; null: it is about another thing. */
function tagOf({ facts, value }: Alert, tag: "agent" | "feature"): string | null {
  if (facts.kind === "spike") return facts.dimension === tag ? facts.value : null;
  return facts.kind === "threshold" && facts.scope === tag ? value : null;
}
