import type { WholeCall } from "@/components/calls/call-answer";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import { formatExactUsd } from "@/lib/format";

type Revision = WholeCall["revisions"][number];

const KINDS: Record<Revision["kind"], string> = {
  received: "Received",
  reprice: "Repriced",
  void: "Voided",
  restore: "Restored",
  erase: "Names erased",
  link: "Linked",
};

/** What was derived of the call over time, newest first: when, by whom, why, and from how much to how much. */
export function CallRevisions({ call, timeZone }: { call: WholeCall; timeZone: string }) {
  if (call.revisions.length < 2) return null;
  const states = call.revisions.map((state, index) => ({
    state,
    before: call.revisions[index - 1] ?? null,
  }));
  return (
    <Card aria-label="Corrections">
      <CardHeader>
        <CardTitle>Corrections</CardTitle>
      </CardHeader>
      <ol className="divide-y divide-line">
        {states.reverse().map(({ state, before }) => (
          <li key={state.revision} className="flex flex-col gap-1 px-4 py-2.5 text-[13px]">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
              <span>
                <span className="font-medium">{KINDS[state.kind]}</span>
                {state.author && <span className="text-ink-muted"> by {state.author}</span>}
              </span>
              <span className="text-ink-muted">
                <Moment at={state.at} timeZone={timeZone} hasSeconds />
              </span>
            </div>
            <p className="tabular">{changeOf(state, before)}</p>
            {state.reason && <p className="break-words text-ink-muted">“{state.reason}”</p>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** `$0.01 → $0.02`, or one sum where nothing of it changed; what does not count says so beside it. */
function changeOf(state: Revision, before: Revision | null): string {
  const now = worthOf(state);
  const then = before ? worthOf(before) : now;
  return then === now ? now : `${then} → ${now}`;
}

function worthOf({ cost_usd, counted }: Revision): string {
  const worth = cost_usd === null ? "cost unknown" : formatExactUsd(cost_usd);
  return counted ? worth : `${worth}, not counted`;
}
