import type { FieldReader } from "@/ingest/otlp/field-reader";
import { cutText } from "@/ingest/otlp/read-tags";

const LONGEST_NAME = 512;

/** Whose process wrote a record: its name, and which of several where it says so. Twins are of one service. */
export function readProcessName(fields: FieldReader): string {
  const name = fields.text(["resource:service.name"]) ?? "";
  const instance = fields.text(["resource:service.instance.id"]);
  return cutText(instance ? `${name}/${instance}` : name, LONGEST_NAME);
}
