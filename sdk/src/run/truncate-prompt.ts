/** A message of any provider, as far as it matters here. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * Makes a prompt as short as it must be. Of a text the beginning stays; of messages the instructions and the last ones,
 * and no answer of a tool without the question for it. The last message is cut where it alone is too long.
 * @param countTokens of a text or of messages
 */
export function truncatePrompt<T extends string | readonly Message[]>(
  prompt: T,
  mostTokens: number,
  countTokens: (part: string | readonly Message[]) => number,
): T {
  if (countTokens(prompt) <= mostTokens) return prompt;
  return (
    typeof prompt === "string"
      ? cutText(prompt, (text) => countTokens(text) <= mostTokens)
      : dropMessages(prompt, (messages) => countTokens(messages) <= mostTokens)
  ) as T;
}

/** The longest beginning that fits, never half a character. */
function cutText(text: string, fits: (text: string) => boolean): string {
  let least = 0;
  let most = text.length;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(text.slice(0, middle))) least = middle;
    else most = middle - 1;
  }
  const last = text.charCodeAt(least - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? least - 1 : least);
}

function dropMessages(
  messages: readonly Message[],
  fits: (messages: readonly Message[]) => boolean,
): readonly Message[] {
  const kept = messages.filter(isInstruction);
  const others = messages.filter((message) => !isInstruction(message));
  const from = (start: number) => [...kept, ...others.slice(start)];
  let least = 1;
  let most = others.length;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (fits(from(middle))) most = middle;
    else least = middle + 1;
  }
  let start = least;
  for (let one = others[start]; one && isToolAnswer(one); one = others[start]) start++;
  if (start < others.length) return from(start);
  const last = others.filter((message) => !isToolAnswer(message)).at(-1);
  if (!last || typeof last.content !== "string") return kept;
  const cut = (text: string): Message => ({ ...last, content: text });
  const content = cutText(last.content, (text) => fits([...kept, cut(text)]));
  return content === "" ? kept : [...kept, cut(content)];
}

function isInstruction({ role }: Message): boolean {
  return role === "system" || role === "developer";
}

/** As OpenAI's, Anthropic's and Google's APIs and the AI SDK write it. */
function isToolAnswer({ role, type, content, parts }: Message): boolean {
  if (role === "tool" || role === "function" || type === "function_call_output") return true;
  const list = Array.isArray(content) ? content : Array.isArray(parts) ? parts : [];
  return list.some((part: unknown) => {
    if (typeof part !== "object" || part === null) return false;
    return Reflect.get(part, "type") === "tool_result" || "functionResponse" in part;
  });
}
