import { asFields } from "../providers/fields.ts";
import type { Tags } from "../types.ts";
import { type GuardOwner, guardRequest } from "./guard-request.ts";
import { nameProvider } from "./name-provider.ts";
import { wrapClient } from "./wrap-client.ts";

/**
 * Guards every message that a client of `@anthropic-ai/sdk` asks for, streams and helpers (`stream`, `parse`,
 * `toolRunner`) included; the clients for Bedrock, Vertex and Azure too.
 * @param tags of every call of this client
 * @returns the same client to its caller; the given one is not changed and calls past the guard
 */
export function wrapAnthropic<C extends object>(outlay: GuardOwner, client: C, tags?: Tags): C {
  const provider = nameProvider(asFields(client)?.baseURL) ?? "anthropic";
  const method = guardRequest({ owner: outlay, provider, tags });
  return wrapClient(client, {
    methods: {
      "messages.create": method,
      "beta.messages.create": method,
      "completions.create": method,
    },
    links: { _client: "" },
    wrapCopy: (copy) => wrapAnthropic(outlay, copy, tags),
  });
}
