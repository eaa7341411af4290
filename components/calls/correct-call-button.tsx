"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { WholeCall } from "@/components/calls/call-answer";
import { correctCall } from "@/components/calls/correct-call";
import { useWorkspace } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

const WORDS = {
  void: {
    action: "Void this call",
    meaning: "It stays in every list with your reason, and adds up to nothing. You can restore it.",
  },
  restore: {
    action: "Restore this call",
    meaning: "It adds up again, at the time it was made.",
  },
} as const;

/** Takes the call out of every sum, or puts it back; only for who may. */
export function CorrectCallButton({ call }: { call: WholeCall }) {
  const { me } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  if (!me.permissions.includes("calls.void")) return null;
  const verb = call.counted ? "void" : "restore";
  const { action, meaning } = WORDS[verb];
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>{action}</Button>
      </DialogTrigger>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>{action}</DialogTitle>
          <DialogDescription>{meaning}</DialogDescription>
        </DialogHeader>
        <ReasonForm call={call} verb={verb} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

interface ReasonFormProps {
  call: WholeCall;
  verb: keyof typeof WORDS;
  onDone: () => void;
}

function ReasonForm({ call, verb, onDone }: ReasonFormProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const correct = useMutation({
    mutationFn: () => correctCall(call, verb, reason),
    onSuccess: async () => {
      onDone();
      // Every figure may have moved.
      await queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!correct.isPending && reason.trim() !== "") correct.mutate();
  };
  return (
    <form onSubmit={submit}>
      <div className="flex flex-col gap-1.5">
        <Label htmlFor="correction-reason">Reason</Label>
        <Input
          id="correction-reason"
          value={reason}
          maxLength={1000}
          required
          autoComplete="off"
          aria-describedby="correction-reason-note"
          onChange={(event) => setReason(event.target.value)}
        />
        <p id="correction-reason-note" className="text-ink-muted text-xs">
          It stays with the call, beside your name.
        </p>
      </div>
      {correct.error && (
        <p role="alert" className="mt-3 text-danger text-sm">
          {correct.error.message}
        </p>
      )}
      <DialogFooter>
        <DialogClose asChild>
          <Button type="button">Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" aria-disabled={correct.isPending}>
          {correct.isPending ? "Saving…" : WORDS[verb].action}
        </Button>
      </DialogFooter>
    </form>
  );
}
