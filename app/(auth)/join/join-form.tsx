"use client";

import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { TextField } from "@/app/(auth)/text-field";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ApiError, requestJson } from "@/lib/api-client";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "@/lib/auth/password-length";
import { OVERVIEW_PATH, SIGN_IN_PATH, withQuery } from "@/lib/paths";

/** Chooses the password, signs in with it and opens the dashboard. */
async function join(token: string, password: string): Promise<void> {
  const body = { token, password };
  const { email } = await requestJson<{ email: string }>("/api/join", { method: "POST", body });
  const answer = await signIn("credentials", { redirect: false, email, password });
  // The password is chosen either way: without a session, its own page signs in.
  const next = answer?.ok ? OVERVIEW_PATH : withQuery(SIGN_IN_PATH, new URLSearchParams({ email }));
  window.location.assign(next);
}

/** @param props.email for the browser's own password store */
export function JoinForm(props: { token: string; email: string }) {
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const password = String(new FormData(event.currentTarget).get("password"));
    setBusy(true);
    setFault(null);
    try {
      await join(props.token, password);
    } catch (error) {
      setFault(
        error instanceof ApiError ? error.message : "Something went wrong in this page. Try again.",
      );
      setBusy(false);
    }
  }

  return (
    <form method="post" onSubmit={submit} className="mt-5 flex flex-col gap-4">
      {fault ? <Alert variant="danger">{fault}</Alert> : null}
      <input type="hidden" name="username" autoComplete="username" value={props.email} readOnly />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        autoFocus
        minLength={PASSWORD_MIN_LENGTH}
        maxLength={PASSWORD_MAX_LENGTH}
        hint={`At least ${PASSWORD_MIN_LENGTH} characters. A few words are better than a riddle.`}
      />
      <Button type="submit" variant="primary" size="large" aria-disabled={isBusy}>
        {isBusy ? "One moment…" : "Choose it and sign in"}
      </Button>
    </form>
  );
}
