import { AgentHaltedError } from "../halted-error.ts";
import { asFields } from "./fields.ts";

/**
 * Lets a helper of OpenAI's or Anthropic's client (`stream()`, `runTools()`) tell a halt as what it is: it would wrap it
 * into an error of its own, or call it the caller's abort. Another object stays as it is.
 * @param find why the helper failed, of the error that it is about to tell
 */
export function tellHalt(helper: unknown, find: (error: unknown) => unknown): void {
  const own = asFields(helper);
  const emit = own?._emit;
  if (!own || typeof emit !== "function") return;
  own._emit = (event: string, ...values: unknown[]): unknown => {
    const reason = event === "error" || event === "abort" ? find(values[0]) : null;
    const isHalt = reason instanceof AgentHaltedError;
    return isHalt ? emit.call(own, "error", reason) : emit.call(own, event, ...values);
  };
}
