import type { Filter } from "@/db/clickhouse/filters";

/** A project that may be read. */
export interface ReadableProject {
  id: string;
  slug: string;
  /** Calls of UTC days before this instant expired; null or absent: none did. */
  sealedBefore?: Date | null;
}

/**
 * Turns a filter by project, which names slugs, into fewer projects: the store knows their ids only. What
 * may not be read is not among `projects`, so no filter can reach it.
 */
export function narrowProjects(
  projects: readonly ReadableProject[],
  filters: readonly Filter[],
): { projectIds: string[]; filters: Filter[] } {
  const slugs = filters.filter((filter) => filter.dimension === "project");
  return {
    projectIds: projects
      .filter(({ slug }) => slugs.every((filter) => filter.values.includes(slug)))
      .map(({ id }) => id),
    filters: filters.filter((filter) => filter.dimension !== "project"),
  };
}
