import { BlockList, isIP } from "node:net";

/**
 * What a channel's address may be, before anything is asked of it. A name that leads inside is found at the connection
 * itself (`lib/channels/post-outgoing.ts`); this says at once what can never work.
 */
const INSIDE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  INSIDE.addSubnet(network, bits, "ipv4");
}
// Of IPv6 only 2000::/3 is given out; in it, these lead elsewhere: Teredo and its neighbours, documentation, 6to4.
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
] as const) {
  INSIDE.addSubnet(network, bits, "ipv6");
}
const GIVEN_OUT = new BlockList();
GIVEN_OUT.addSubnet("2000::", 3, "ipv6");

/** What is wrong with an address that requests are to be sent to, to be read after "url"; null: nothing. */
export function findAddressFault(text: string, mayReachPrivate: boolean): string | null {
  if (!URL.canParse(text)) return "must be an address: https://example.com/hook";
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.username || url.password) return "must hold no user name and no password";
  if (mayReachPrivate || !isInside(hostOf(url))) return null;
  return `leads to ${hostOf(url)}, which is no public address (OUTLAY_ALLOW_PRIVATE_WEBHOOKS=true allows it)`;
}

/** A URL's host without the brackets of IPv6 and the dot of a name's root. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$|\.$/g, "");
}

/** Whether a host is an address that is not public, or a name that always is one. URL has made 0x7f.1 into 127.0.0.1. */
function isInside(host: string): boolean {
  const family = isIP(host);
  if (family === 4) return INSIDE.check(host, "ipv4");
  if (family === 6) return !GIVEN_OUT.check(host, "ipv6") || INSIDE.check(host, "ipv6");
  return host === "localhost" || host.endsWith(".localhost");
}
