import { OutlayError } from "@/lib/errors";

type Format = "json" | "ndjson";
const NAMES: Readonly<Record<Format, string>> = {
  json: "application/json",
  ndjson: "application/x-ndjson",
};
const FORMATS: Readonly<Record<string, Format>> = {
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
};

/**
 * Which of our body formats a Content-Type names.
 * @param taken those that the endpoint takes
 * @throws OutlayError 415 for another type or charset. A missing type is refused too: curl's `-d` sends a form's
 * type, and guessing would take a form for JSON until the first body that is not.
 */
export function readMediaType(
  contentType: string | undefined,
  taken: readonly Format[] = ["json", "ndjson"],
): Format {
  if (contentType === "application/json") return "json";
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((part) => part.trim());
  const charset = parameters.find((p) => /^charset=/i.test(p))?.slice("charset=".length);
  if (charset && !/^"?utf-?8"?$/i.test(charset)) {
    throw new OutlayError("unsupported_media_type", "The body must be UTF-8.");
  }
  const format = Object.hasOwn(FORMATS, type.toLowerCase()) ? FORMATS[type.toLowerCase()] : null;
  if (format && taken.includes(format)) return format;
  const names = taken.map((one) => NAMES[one]).join(" or ");
  throw new OutlayError("unsupported_media_type", `Content-Type must be ${names}.`);
}
