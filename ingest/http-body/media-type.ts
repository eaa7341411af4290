import { OutlayError } from "@/lib/errors";

/**
 * Which of our two body formats a Content-Type names.
 * @throws OutlayError 415 for another type or charset. A missing type is refused too: curl's `-d` sends a form's
 * type, and guessing would take a form for JSON until the first body that is not.
 */
export function readMediaType(contentType: string | undefined): "json" | "ndjson" {
  if (contentType === "application/json") return "json";
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((part) => part.trim());
  const charset = parameters.find((p) => /^charset=/i.test(p))?.slice("charset=".length);
  if (charset && !/^"?utf-?8"?$/i.test(charset)) {
    throw new OutlayError("unsupported_media_type", "The body must be UTF-8.");
  }
  switch (type.toLowerCase()) {
    case "application/json":
      return "json";
    case "application/x-ndjson":
    case "application/ndjson":
      return "ndjson";
    default:
      throw new OutlayError(
        "unsupported_media_type",
        "Content-Type must be application/json or application/x-ndjson.",
      );
  }
}
