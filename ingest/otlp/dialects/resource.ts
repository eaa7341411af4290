import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * What a process says about itself: who runs it, where and out of which repository.
 * Source: https://opentelemetry.io/docs/specs/semconv/resource/
 */
export const resource: Dialect = {
  name: "resource",
  isGeneric: true,
  marks: {
    attributes: [
      "service.",
      "telemetry.",
      "deployment.",
      "team",
      "team.",
      "department",
      "cost_center",
      "vcs.",
    ],
  },
  metadata: [
    "resource:service.name",
    "resource:service.version",
    "resource:deployment.environment.name",
    "resource:deployment.environment",
    "resource:team",
    "resource:team.id",
    "resource:team.name",
    "resource:department",
    "resource:cost_center",
    "resource:cost.center",
    "resource:project",
    "resource:repository",
    "resource:vcs.repository.name",
    "resource:vcs.repository.url.full",
    "resource:vcs.ref.head.name",
    "resource:tenant",
    "resource:labels",
    "resource:cloud.region",
  ],
};
