import { parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";

/** Ways to look at a session. */
export const VIEWS = ["tree", "timeline", "agents", "context"] as const;
export type SessionView = (typeof VIEWS)[number];

export const VIEW_LABELS: Record<SessionView, string> = {
  tree: "Tree",
  timeline: "Timeline",
  agents: "Agents",
  context: "Context",
};

/** What a session's page holds in its address beside who it is. */
export const SESSION_PARAMS = {
  view: parseAsStringLiteral(VIEWS).withDefault("tree"),
  /** Key of the step that is shown beside the tree. */
  step: parseAsString,
  /** What was said in its call is shown: of this step alone, for that somebody read it is written down. */
  content: parseAsBoolean,
  find: parseAsString.withDefault(""),
  dear: parseAsBoolean.withDefault(false),
  failed: parseAsBoolean.withDefault(false),
};
