"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { redactionPreviewQuery } from "@/components/projects/project-requests";
import { useSettled } from "@/components/projects/use-settled";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { ApiError } from "@/lib/api-client";
import { MAX_PATTERNS, type RedactionPattern } from "@/lib/contents/redaction-pattern";

interface PatternsFieldProps {
  projectId: string;
  patterns: RedactionPattern[];
  onChange: (patterns: RedactionPattern[]) => void;
}

const SAMPLE = "Write to ann@example.com about card 4111 1111 1111 1111.";

/** What a project has taken out besides our own list, and a text to try it on. */
export function PatternsField({ projectId, patterns, onChange }: PatternsFieldProps) {
  const change = (index: number, part: Partial<RedactionPattern>) =>
    onChange(patterns.map((one, i) => (i === index ? { ...one, ...part } : one)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-[13px]">Taken out besides</legend>
      <p className="text-[13px] text-ink-muted">
        Regular expressions of RE2's syntax, such as <code className="font-mono">CUST-\d+</code>. In
        place of what they find stands their name.
      </p>
      {patterns.map((pattern, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pattern has no other name while it is typed
        <div key={index} className="grid grid-cols-[minmax(5rem,1fr)_minmax(0,3fr)_auto] gap-2">
          <Input
            aria-label={`Name of pattern ${index + 1}`}
            placeholder="customer"
            value={pattern.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Input
            aria-label={`Pattern ${index + 1}`}
            placeholder="CUST-\d+"
            spellCheck={false}
            className="font-mono"
            value={pattern.pattern}
            onChange={(event) => change(index, { pattern: event.target.value })}
          />
          <Button
            aria-label={`Remove pattern ${index + 1}`}
            onClick={() => onChange(patterns.filter((_, i) => i !== index))}
          >
            <X aria-hidden="true" />
          </Button>
        </div>
      ))}
      {patterns.length < MAX_PATTERNS && (
        <Button
          size="small"
          className="self-start"
          onClick={() => onChange([...patterns, { name: "", pattern: "" }])}
        >
          <Plus aria-hidden="true" />
          Add a pattern
        </Button>
      )}
      <TryBox projectId={projectId} patterns={patterns} />
    </fieldset>
  );
}

function TryBox({ projectId, patterns }: Omit<PatternsFieldProps, "onChange">) {
  const id = useId();
  const [text, setText] = useState(SAMPLE);
  const named = patterns.filter(({ name, pattern }) => name !== "" && pattern !== "");
  const asked = useSettled(JSON.stringify({ patterns: named, text }));
  const { data, error } = useQuery(redactionPreviewQuery(projectId, asked));
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>Try it on a text</Label>
      <textarea
        id={id}
        rows={3}
        maxLength={20_000}
        className="w-full rounded-control border border-control bg-page px-2.5 py-1.5 text-sm"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div aria-live="polite" className="min-h-10 text-[13px]">
        {error instanceof ApiError ? (
          <p className="text-danger">
            {error.faults.map(({ path, message }) => `${path} ${message}`).join("; ") ||
              error.message}
          </p>
        ) : (
          <p className="whitespace-pre-wrap break-words">{data?.text ?? "…"}</p>
        )}
      </div>
    </div>
  );
}
