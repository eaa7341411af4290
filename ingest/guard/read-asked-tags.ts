import { OutlayError } from "@/lib/errors";
import type { AskedTags } from "@/lib/policy/match-policy";
import { POLICY_TAGS } from "@/lib/policy/policy-schemas";

const MAX_TAG_LENGTH = 256;

/**
 * The tags that a query asks about.
 * @throws OutlayError 400 for a tag that is repeated or too long
 */
export function readAskedTags(query: string): AskedTags {
  const parameters = new URLSearchParams(query);
  const asked: Partial<Record<(typeof POLICY_TAGS)[number], string>> = {};
  for (const tag of POLICY_TAGS) {
    const [value, ...more] = parameters.getAll(tag);
    if (more.length > 0) throw badTag(tag, "is given more than once");
    if (value === undefined) continue;
    if (value.length > MAX_TAG_LENGTH)
      throw badTag(tag, `has more than ${MAX_TAG_LENGTH} characters`);
    asked[tag] = value;
  }
  return asked;
}

function badTag(path: string, message: string): OutlayError {
  const errors = [{ path, message }];
  return new OutlayError("bad_request", "The query has a fault.", { errors });
}
