import type { ClientStep } from "@/lib/clients/client";

/**
 * The text to paste, with this server's address and a key in it.
 * @param origin of this server, as whoever pastes it reaches it, without a slash at its end
 * @param key null before there is one: then its place is named
 */
export function fillStep({ text }: ClientStep, origin: string, key: string | null): string {
  return text.replaceAll("{origin}", origin).replaceAll("{key}", key ?? "<your key>");
}
