import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Latitude, which captures around OpenLLMetry's calls. Source: https://www.npmjs.com/package/@latitude-data/telemetry */
export const latitude: Dialect = {
  name: "latitude",
  marks: { attributes: ["latitude."] },
  facts: {
    agent: ["latitude.metadata > agent"],
    feature: ["latitude.metadata > feature"],
    task: ["latitude.metadata > task"],
  },
  metadata: ["latitude.tags", "latitude.metadata"],
};
