import { Image, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import type { Turn, TurnPart } from "@/components/contents/read-turns";
import { SafeText } from "@/components/contents/safe-text";
import { showHidden } from "@/components/contents/visible-text";
import { Badge } from "@/components/ui/badge";

const ROLE_WORDS: Record<string, string> = {
  system: "System",
  developer: "Developer",
  user: "User",
  human: "User",
  assistant: "Assistant",
  model: "Assistant",
  ai: "Assistant",
  tool: "Tool",
  function: "Tool",
};

/** One turn: who, and what. @param search marked where it stands */
export function TurnView({ turn, search }: { turn: Turn; search: string }) {
  const role = ROLE_WORDS[turn.role.toLowerCase()];
  return (
    <li className="flex flex-col gap-1.5 border-line border-t px-4 py-3 first:border-t-0">
      <p className="font-medium text-[13px]">
        <bdi>{role ?? showHidden(turn.role.slice(0, 60))}</bdi>
      </p>
      {turn.parts.length === 0 && <p className="text-[13px] text-ink-muted italic">nothing</p>}
      {turn.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one turn, which does not change
        <PartView key={index} part={part} search={search} />
      ))}
    </li>
  );
}

function PartView({ part, search }: { part: TurnPart; search: string }): ReactNode {
  switch (part.kind) {
    case "text":
      return <SafeText text={part.text} search={search} />;
    case "reasoning":
      return (
        <Folded title="Reasoning" id={null} search={search} text={part.text}>
          <SafeText text={part.text} search={search} />
        </Folded>
      );
    case "tool_call":
      return <Value title={`Calls ${part.name}`} id={part.id} value={part.input} search={search} />;
    case "tool_result": {
      const title = part.name === null ? "Result" : `Result of ${part.name}`;
      return <Value title={title} id={part.id} value={part.output} search={search} />;
    }
    case "media":
      return (
        <p className="flex items-center gap-1.5 text-[13px] text-ink-muted">
          <Image aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="min-w-0 break-all">
            <bdi>{showHidden(`${part.what}, ${part.note || "size unknown"}, not shown`)}</bdi>
          </span>
        </p>
      );
    case "json":
      return <SafeText isCode text={printJson(part.value)} search={search} />;
  }
}

interface ValueProps {
  title: string;
  id: string | null;
  value: unknown;
  search: string;
}

/** What a tool was given or gave back: folded, as JSON. */
function Value({ title, id, value, search }: ValueProps) {
  const text = typeof value === "string" ? value : printJson(value);
  return (
    <Folded title={title} id={id} search={search} text={text}>
      <SafeText isCode text={text} search={search} />
    </Folded>
  );
}

interface FoldedProps {
  title: string;
  id: string | null;
  search: string;
  text: string;
  children: ReactNode;
}

function Folded({ title, id, search, text, children }: FoldedProps) {
  const isFound = search !== "" && text.toLowerCase().includes(search.toLowerCase());
  return (
    // A new key opens what is found, and leaves to the reader what they opened.
    <details
      key={isFound ? "found" : "folded"}
      open={isFound}
      className="rounded-control border border-line"
    >
      <summary className="flex cursor-pointer items-center gap-2 px-2.5 py-1.5 text-[13px]">
        <Wrench aria-hidden="true" className="size-3.5 shrink-0 text-ink-muted" />
        <span className="min-w-0 break-all">
          <bdi>{showHidden(title.slice(0, 200))}</bdi>
        </span>
        {id && <Badge className="max-w-40 truncate font-mono">{showHidden(id.slice(0, 60))}</Badge>}
      </summary>
      <div className="border-line border-t px-2.5 py-2">{children}</div>
    </details>
  );
}

/** JSON as people read it. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}
