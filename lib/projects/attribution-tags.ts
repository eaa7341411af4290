/** The tags a project may require of every call. Apart from the schemas, so that a page that lists them loads no validator. */
export const ATTRIBUTION_TAGS = ["agent", "task", "feature", "user", "session"] as const;
