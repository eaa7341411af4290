"use client";

import { parseAsString, useQueryState } from "nuqs";
import { firstEventCommand } from "@/components/keys/first-event-command";
import { CopyButton } from "@/components/ui/copy-button";
import { ChoiceField } from "@/components/ui/field";
import { CLIENTS } from "@/lib/clients/clients";
import { CODING_AGENTS } from "@/lib/clients/coding-agents";
import { fillStep } from "@/lib/clients/fill-step";

/** One call by hand: the way to the first chart that needs nothing else. */
const BY_HAND = "curl";
const OPTIONS = [
  { value: BY_HAND, label: "curl: one call by hand" },
  ...CLIENTS.map(({ id, title }) => ({ value: id, label: title })),
];
const AGENT_OPTIONS = CODING_AGENTS.map(({ id, title }) => ({ value: id, label: title }));

interface SendingStepsProps {
  /** null before there is one: then its place is named. */
  apiKey: string | null;
  /** Offers coding agents alone. */
  isForAgents?: boolean;
}

/** What to run or to set so that calls come: a command, or a client's own lines with this server and the key in them. */
export function SendingSteps({ apiKey, isForAgents = false }: SendingStepsProps) {
  const options = isForAgents ? AGENT_OPTIONS : OPTIONS;
  const first = options[0]?.value ?? BY_HAND;
  const [asked, setChosen] = useQueryState("client", parseAsString.withDefault(first));
  const chosen = options.some(({ value }) => value === asked) ? asked : first;
  const client = CLIENTS.find(({ id }) => id === chosen);
  return (
    <div className="flex flex-col gap-4">
      <ChoiceField
        label="Send with"
        value={chosen}
        options={options}
        onChoose={(id) => void setChosen(id === first ? null : id)}
      />
      {client ? (
        client.steps.map((step) => (
          <Lines
            key={step.where}
            name={step.where}
            text={() => fillStep(step, window.location.origin, apiKey)}
          />
        ))
      ) : (
        <Lines name="Command" text={() => firstEventCommand(window.location.origin, apiKey)} />
      )}
      {client && (
        <p className="text-[13px] text-ink-muted">
          OpenTelemetry over HTTP; gRPC is not spoken. Then use it as always: it tells of its calls
          by itself.
        </p>
      )}
    </div>
  );
}

/** A region that scrolls takes focus, so that arrow keys move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;

function Lines({ name, text }: { name: string; text: () => string }) {
  return (
    <div>
      {name !== "Command" && <p className="mb-1.5 font-mono text-[13px] text-ink-muted">{name}</p>}
      <section
        aria-label={name}
        {...SCROLLER_FOCUS}
        className="overflow-x-auto rounded-control border border-line bg-surface"
      >
        <pre className="p-3 font-mono text-xs leading-relaxed">{text()}</pre>
      </section>
      <CopyButton
        className="mt-2"
        size="small"
        label={name === "Command" ? "Copy command" : `Copy for ${name}`}
        text={text}
      />
    </div>
  );
}
