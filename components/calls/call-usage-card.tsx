import type { WholeCall } from "@/components/calls/call-answer";
import { FactList } from "@/components/calls/fact-list";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatCount } from "@/lib/format";
import { INPUT_PARTS, OUTPUT_PARTS, type Usage } from "@/lib/usage/usage";

const PARTS: readonly string[] = [...INPUT_PARTS, ...OUTPUT_PARTS];

/** What was used: as we normalised it, and word for word as it was received. */
export function CallUsageCard({ call }: { call: WholeCall }) {
  const { raw_usage: raw } = call;
  return (
    <Card aria-label="Usage" className="overflow-hidden">
      <CardHeader>
        <div>
          <CardTitle>Usage</CardTitle>
          <CardDescription>
            {call.usage
              ? "Input and output are whole; the indented ones are parts of them, never added."
              : "The call came without usage: its tokens are unknown, not zero."}
            {call.usage_source === "estimated" && " Estimated, not reported by the provider."}
          </CardDescription>
        </div>
      </CardHeader>
      {call.usage && (
        <CardContent>
          <FactList facts={listUsage(call.usage)} />
        </CardContent>
      )}
      {raw && (
        <div className="border-line border-t p-4">
          <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
            <h3 className="font-medium text-[13px]">
              As received <span className="font-mono text-ink-muted text-xs">{raw.api}</span>
            </h3>
            <CopyButton size="small" label="Copy" text={() => JSON.stringify(raw.body, null, 2)} />
          </div>
          <section
            aria-label="Usage as received"
            {...SCROLLER_FOCUS}
            className="overflow-x-auto rounded-control bg-surface"
          >
            <pre className="p-3 font-mono text-xs">{JSON.stringify(raw.body, null, 2)}</pre>
          </section>
        </div>
      )}
    </Card>
  );
}

/** A region that scrolls takes focus, so that arrow keys move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;

function listUsage({ units, ...counts }: Usage) {
  return Object.entries({ ...counts, ...units }).map(([name, value]) => fact(name, value));
}

function fact(name: string, value: number | string) {
  const words = name.replaceAll("_", " ");
  return {
    name: PARTS.includes(name) ? `\u2003${words}` : words,
    value: (
      <span className="tabular">{typeof value === "number" ? formatCount(value) : value}</span>
    ),
  };
}
