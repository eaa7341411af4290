import { asFields } from "../providers/fields.ts";
import type { Tags } from "../types.ts";
import { type GuardOwner, guardRequest } from "./guard-request.ts";
import { nameProvider } from "./name-provider.ts";
import { wrapClient } from "./wrap-client.ts";

/**
 * Guards every call that a client of `openai` makes to a model: chat completions, responses, completions and
 * embeddings, streams and helpers (`parse`, `stream`, `runTools`) included. Who is called is known by its `baseURL`:
 * OpenAI, Azure and whoever speaks OpenAI's API.
 * @param tags of every call of this client
 * @returns the same client to its caller; the given one is not changed and calls past the guard
 */
export function wrapOpenAI<C extends object>(outlay: GuardOwner, client: C, tags?: Tags): C {
  const provider = nameProvider(asFields(client)?.baseURL);
  const about = { owner: outlay, provider, tags };
  const method = guardRequest(about);
  // Mistral's streams have their usage, and it refuses to be asked for it.
  const streamed = guardRequest({ ...about, isUsageAsked: provider !== "mistral" });
  return wrapClient(client, {
    methods: {
      "chat.completions.create": streamed,
      "completions.create": streamed,
      "responses.create": method,
      "responses.compact": method,
      "beta.responses.create": method,
      "embeddings.create": method,
    },
    parts: ["beta.chat.completions"],
    links: { _client: "" },
    wrapCopy: (copy) => wrapOpenAI(outlay, copy, tags),
  });
}
