import type { FieldReader } from "@/ingest/otlp/field-reader";

const LAST_WORDS = /(^|[._])(response_model|request_model|model|model_name|model_id)$/i;
/** `response.model`, `responseModel`: what answered comes before what was asked for. */
const ANSWERED = /response/i;

/** The model of a span that has usage and whose names no dialect knows; null where none is named. */
export function findUnknownModel(fields: FieldReader): string | null {
  const keys = [...fields.keys()].filter((key) =>
    LAST_WORDS.test(key.replace(/([a-z0-9])([A-Z])/g, "$1_$2")),
  );
  return fields.text([...keys.filter((key) => ANSWERED.test(key)), ...keys]);
}
