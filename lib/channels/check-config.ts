import { randomBytes } from "node:crypto";
import type { ChannelConfig } from "@/lib/channels/channel";
import type { CreateChannelInput, UpdateChannelInput } from "@/lib/channels/channel-schemas";
import { findAddressFault } from "@/lib/channels/outgoing-address";
import type { Env } from "@/lib/env";
import { type FieldError, OutlayError } from "@/lib/errors";

/** What of the settings decides where notices may go. */
export type ChannelSettings = Pick<Env, "mayReachPrivate" | "smtpUrl">;

/** Makes what is sealed of what was asked for. @returns it, and the signing secret where it was made here */
export function makeConfig(
  { type, config }: CreateChannelInput,
  settings: ChannelSettings,
): { config: ChannelConfig; madeSecret: string | null } {
  if (type !== "webhook") {
    // The union keeps type and config together; taken apart, TypeScript no longer sees that.
    const made = { type, ...config } as Exclude<ChannelConfig, { type: "webhook" }>;
    requireUsable(made, settings);
    return { config: made, madeSecret: null };
  }
  const madeSecret = config.secret === undefined ? makeSecret() : null;
  const made = { type, url: config.url, secret: config.secret ?? madeSecret ?? "" };
  requireUsable(made, settings);
  return { config: made, madeSecret };
}

/** Changes what a channel leads to. @throws OutlayError `unprocessable` for what its type does not have */
export function changeConfig(
  before: ChannelConfig,
  change: NonNullable<UpdateChannelInput["config"]>,
  settings: ChannelSettings,
): { config: ChannelConfig; madeSecret: string | null } {
  const unknown = Object.keys(change).filter((name) => !(name in before));
  if (unknown.length > 0) {
    throw unprocessable(
      unknown.map((name) => ({ path: `config.${name}`, message: `is not of a ${before.type}` })),
    );
  }
  const { secret, ...rest } = change;
  const madeSecret = secret === null ? makeSecret() : null;
  const given = madeSecret ?? secret;
  const merged = { ...before, ...rest, ...(given ? { secret: given } : {}) } as ChannelConfig;
  requireUsable(merged, settings);
  return { config: merged, madeSecret };
}

function makeSecret(): string {
  return `whsec_${randomBytes(32).toString("base64url")}`;
}

function requireUsable(config: ChannelConfig, settings: ChannelSettings): void {
  if (config.type === "email") {
    if (settings.smtpUrl !== null) return;
    throw unprocessable([{ path: "type", message: "email needs the setting SMTP_URL" }]);
  }
  const fault = findAddressFault(config.url, settings.mayReachPrivate);
  if (fault !== null) throw unprocessable([{ path: "config.url", message: fault }]);
}

function unprocessable(errors: FieldError[]): OutlayError {
  const [first] = errors;
  const detail = `The body has a fault: ${first?.path} ${first?.message}.`;
  return new OutlayError("unprocessable", detail, { errors });
}
