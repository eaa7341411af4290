import type { ReactNode } from "react";
import type { CostStep, CostTree } from "@/components/traces/cost-tree";
import { listAncestors } from "@/components/traces/flatten-tree";
import { listStepFacts } from "@/components/traces/list-step-facts";
import { kindWord, StepMarkBadge } from "@/components/traces/step-icon";

/** Where a step's own call is found; its time is a part of its identity. */
export interface StepCall {
  id: string;
  project: string;
  timestamp: string;
}

interface StepDetailsProps {
  step: CostStep;
  tree: CostTree;
  /** Slug of the session's project. */
  project: string;
  onOpen: (index: number) => void;
  /** What the page knows of a step's own call. */
  renderCall: (call: StepCall) => ReactNode;
}

/** One step in full: where it stands, what is remarkable about it, what it cost, and its own call. */
export function StepDetails({ step, tree, project, onOpen, renderCall }: StepDetailsProps) {
  const { node } = step;
  const failed = node?.retry?.of ?? null;
  const failedAt = failed === null ? -1 : tree.steps.findIndex(({ key }) => key === failed);
  return (
    <div className="mt-1 flex flex-col gap-4 text-[13px]">
      <Way step={step} tree={tree} onOpen={onOpen} />
      {step.marks.length > 0 && (
        <ul className="flex flex-col gap-1.5">
          {step.marks.map((mark) => (
            <li key={mark.kind} className="flex items-start gap-2">
              <StepMarkBadge mark={mark} isWhole />
              <span className="text-ink-muted">
                {mark.meaning}{" "}
                {mark.kind === "retry" && failedAt >= 0 && (
                  <StepButton at={failedAt} onOpen={onOpen}>
                    Show what failed
                  </StepButton>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {node === null && (
        <p className="text-ink-muted">
          There are so many steps that only the dearest branches are named one by one. These are
          summed up here; the list of calls has each of them.
        </p>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {listStepFacts(step, tree).map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="text-ink-muted">{name}</dt>
            <dd className="tabular min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {node?.call_id != null &&
        renderCall({ id: node.call_id, project, timestamp: node.started_at })}
    </div>
  );
}

const MOST_ABOVE = 6;

/** What stands above it, from the top; each leads to itself. */
function Way({ step, tree, onOpen }: Pick<StepDetailsProps, "step" | "tree" | "onOpen">) {
  const above = listAncestors(tree.steps, tree.steps.indexOf(step)).reverse();
  return (
    <p className="text-ink-muted">
      {kindWord(step.kind)}
      {above.length > 0 && " in "}
      {above.length > MOST_ABOVE && "… › "}
      {above.slice(-MOST_ABOVE).map((at, place) => (
        <span key={at}>
          {place > 0 && " › "}
          <StepButton at={at} onOpen={onOpen}>
            {tree.steps[at]?.name}
          </StepButton>
        </span>
      ))}
    </p>
  );
}

interface StepButtonProps {
  at: number;
  onOpen: (index: number) => void;
  children: ReactNode;
}

function StepButton({ at, onOpen, children }: StepButtonProps) {
  return (
    <button
      type="button"
      onClick={() => onOpen(at)}
      className="break-all text-left text-link underline-offset-2 hover:underline"
    >
      {children}
    </button>
  );
}
