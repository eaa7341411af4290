"use client";

import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { TextField } from "@/app/(auth)/text-field";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";

/** What the server's code means, without telling whether the person exists. */
function explain(code: string): string {
  if (code === "TooManyAttempts")
    return "Too many failed tries. Wait a quarter of an hour, then try again.";
  if (code === "CredentialsSignin") return "The e-mail address and the password do not fit.";
  return "Signing in did not work just now. Try again in a moment.";
}

/** @param returnTo path to open afterwards @param email filled in already */
export function SignInForm({ returnTo, email }: { returnTo: string; email: string }) {
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setIsBusy(true);
    setFault(null);
    try {
      const answer = await signIn("credentials", {
        redirect: false,
        email: String(form.get("email")),
        password: String(form.get("password")),
      });
      if (answer?.ok) {
        // A whole new page: nothing that was loaded for somebody else stays in memory.
        window.location.assign(returnTo);
        return;
      }
      setFault(explain(answer?.error ?? ""));
    } catch {
      setFault(explain(""));
    }
    setIsBusy(false);
  }

  return (
    <form method="post" onSubmit={submit} className="mt-5 flex flex-col gap-4">
      {fault ? <Alert variant="danger">{fault}</Alert> : null}
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        autoFocus={email === ""}
        defaultValue={email}
      />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus={email !== ""}
      />
      <Button type="submit" variant="primary" size="large" aria-disabled={isBusy}>
        {isBusy ? "Signing in…" : "Sign in"}
      </Button>
      <p className="text-[13px] text-ink-muted">
        No account, or the password is lost? An admin of your organisation can help.
      </p>
    </form>
  );
}
