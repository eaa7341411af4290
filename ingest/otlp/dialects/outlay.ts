import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Our own attributes: somebody set them for us, so they win over all. */
export const outlay: Dialect = {
  name: "outlay",
  marks: { attributes: ["outlay."] },
  facts: {
    agent: ["outlay.agent", "resource:outlay.agent"],
    task: ["outlay.task", "resource:outlay.task"],
    taskType: ["outlay.task_type", "resource:outlay.task_type"],
    feature: ["outlay.feature", "resource:outlay.feature"],
    user: ["outlay.user", "resource:outlay.user"],
    session: ["outlay.session", "resource:outlay.session"],
    reservationId: ["outlay.reservation_id"],
  },
  metadata: ["outlay.metadata.*"],
};
