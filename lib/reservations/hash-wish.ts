import { createHash } from "node:crypto";
import type { Wish } from "@/lib/reservations/check-reservation";

/** Tells two wishes with one id apart. Not of how long it is to be held: a repetition may ask for another time. */
export function hashWish({ ttlSeconds, ...wish }: Wish): string {
  const text = JSON.stringify(wish, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return createHash("md5").update(text).digest("hex");
}
