import type { OverlayEntry } from "@/lib/prices/overlay-entry";

const CHECKED_ON = "2026-11-22";

/** Models of smaller hosts that the catalogue does not know by the name in use. */
export const OTHER_HOSTS: readonly OverlayEntry[] = [
  {
    providers: ["mistral"],
    match: { exact: "open-mixtral-8x22b" },
    prices: { input: "2", output: "6" },
    source: "https://mistral.ai/pricing; LiteLLM",
    checkedOn: CHECKED_ON,
  },
  {
    providers: ["openrouter"],
    match: { exact: "x-ai/grok-4" },
    prices: { input: "3", output: "15" },
    source: "https://openrouter.ai/x-ai/grok-4; LiteLLM",
    checkedOn: CHECKED_ON,
  },
  {
    providers: ["together"],
    match: { exact: "meta-llama/meta-llama-3.1-405b-instruct-turbo" },
    prices: { input: "3.5", output: "3.5" },
    source: "https://www.together.ai/pricing; LiteLLM",
    checkedOn: CHECKED_ON,
  },
];
