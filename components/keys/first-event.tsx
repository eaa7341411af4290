"use client";

import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";

import { createAgentKey } from "@/components/keys/key-requests";
import { SendingSteps } from "@/components/keys/sending-steps";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";

const KEY_NAME = "First event";

/** First run: a key, a command, and a page that waits for what the command sends. @param children Another way to see figures. */
export function FirstEvent({ children }: { children: ReactNode }) {
  const { me, projects, project } = useWorkspace();
  const target =
    projects.find(({ slug }) => slug === project) ?? projects.find(({ is_demo }) => !is_demo);
  const create = useMutation({
    mutationFn: (slug: string) => createAgentKey(KEY_NAME, slug),
  });
  const key = create.data?.key ?? null;
  const canCreate = me.permissions.includes("keys.write") && target !== undefined;

  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-5 py-4 sm:py-8">
      <header>
        <h1 className="font-semibold text-xl">Send the first event</h1>
        <p className="mt-1 text-ink-muted text-sm">
          Nothing was received yet{target ? ` in ${target.name}` : ""}. An event is one call of a
          model, with what it used and who it was for.
        </p>
      </header>
      <Card aria-label="First event">
        <ol>
          <Step number={1} title="Create a key">
            {key ? (
              <p className="text-sm">
                It is in the lines below. <strong>It is shown this once</strong>: keep it, or make
                another later.
              </p>
            ) : canCreate ? (
              <Button
                variant="primary"
                disabled={create.isPending}
                onClick={() => target && create.mutate(target.slug)}
              >
                <KeyRound aria-hidden="true" />
                Create a key
              </Button>
            ) : (
              <p className="text-ink-muted text-sm">
                Your role may not make keys. An admin of the project can make one for you.
              </p>
            )}
            {create.isError && (
              <div className="mt-3">
                <PanelError
                  what="The key"
                  failure="could not be made"
                  error={create.error}
                  onRetry={() => target && create.mutate(target.slug)}
                />
              </div>
            )}
          </Step>
          <Step number={2} title="Send with what you have">
            <SendingSteps apiKey={key} />
          </Step>
          <Step number={3} title="Wait for the chart">
            <p role="status" className="flex items-center gap-2.5 text-sm">
              <span
                aria-hidden="true"
                className="size-2 shrink-0 animate-pulse-soft rounded-full bg-accent"
              />
              Waiting for the first event. This page turns into the chart by itself.
            </p>
          </Step>
        </ol>
      </Card>
      {children}
    </div>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-2 border-line border-t p-4 first:border-t-0">
      <span
        aria-hidden="true"
        className="tabular flex size-5.5 items-center justify-center rounded-full bg-surface-strong font-medium text-xs"
      >
        {number}
      </span>
      <h2 className="font-medium text-sm">{title}</h2>
      <div className="col-start-2 mt-2.5 min-w-0">{children}</div>
    </li>
  );
}
