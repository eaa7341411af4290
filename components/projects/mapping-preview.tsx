"use client";

import { useQuery } from "@tanstack/react-query";
import { tagPreviewQuery } from "@/components/projects/project-requests";
import { useSettled } from "@/components/projects/use-settled";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";
import type { TagPreviewAnswer } from "@/lib/traces/tag-preview-schemas";

type Rules = ProjectAnswer["tag_mapping"];
type Span = TagPreviewAnswer["spans"][number];
const TAGS = ["agent", "task", "task_type", "feature", "user", "session"] as const;
/** A dialog shows so many: those that a rule changes first. */
const MAX_SHOWN = 12;

interface MappingPreviewProps {
  projectId: string;
  rules: Rules;
  /** Lists of attribute names for the fields: one for the resource, one for the span. */
  listIds: { resource: string; span: string };
}

/** What the rules make of spans that came lately, and the names of attributes that those have. */
export function MappingPreview({ projectId, rules, listIds }: MappingPreviewProps) {
  const named = rules.filter(({ attribute }) => attribute.trim() !== "");
  const asked = useSettled(JSON.stringify({ tag_mapping: named }));
  const { data, isError } = useQuery(tagPreviewQuery(projectId, asked));
  return (
    <section aria-label="Preview" aria-live="polite" className="flex flex-col gap-2 text-[13px]">
      {(["resource", "span"] as const).map((from) => (
        <datalist key={from} id={listIds[from]}>
          {data?.attributes
            .filter((one) => one.from === from)
            .map(({ attribute, sample }) => (
              <option key={attribute} value={attribute} label={sample} />
            ))}
        </datalist>
      ))}
      <h3 className="font-medium">On spans that came lately</h3>
      {isError && <p className="text-danger">The preview cannot be had just now.</p>}
      {!data && !isError && <p className="text-ink-muted">…</p>}
      {data && (data.spans.length > 0 ? <Changes spans={data.spans} /> : <NoSpans />)}
    </section>
  );
}

function NoSpans() {
  return (
    <p className="text-ink-muted">
      No span of this project has come since the server started. Send one, and it is tried here.
    </p>
  );
}

function Changes({ spans }: { spans: readonly Span[] }) {
  const rows = spans.map((span) => ({
    span,
    changed: TAGS.filter((tag) => span.before[tag] !== span.after[tag]),
  }));
  const count = rows.filter(({ changed }) => changed.length > 0).length;
  const shown = rows.sort((a, b) => b.changed.length - a.changed.length).slice(0, MAX_SHOWN);
  return (
    <>
      <p className="text-ink-muted">
        {count} of the {spans.length} newest get other tags than by the saved rules.
      </p>
      <ul className="flex flex-col divide-y divide-line">
        {shown.map(({ span, changed }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two spans may be alike in all that is shown
          <li key={index} className="flex flex-wrap gap-x-3 py-1.5">
            <span className="min-w-0 break-words">
              {span.name} <span className="text-ink-muted">{span.service}</span>
            </span>
            {changed.length === 0 && <span className="text-ink-muted">as before</span>}
            {changed.map((tag) => (
              <span key={tag} className="break-all">
                {tag}: {span.before[tag] ?? "(untagged)"} → <b>{span.after[tag] ?? "(untagged)"}</b>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
