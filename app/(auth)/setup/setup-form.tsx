"use client";

import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { TimeZoneField } from "@/app/(auth)/setup/time-zone-field";
import { TextField } from "@/app/(auth)/text-field";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ApiError, requestJson } from "@/lib/api-client";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "@/lib/auth/password-length";
import { EXPLORE_PATH, SIGN_IN_PATH, withQuery } from "@/lib/paths";

interface Faults {
  /** What is wrong with the whole, in one sentence. */
  summary: string;
  byField: ReadonlyMap<string, string>;
}

const FIELDS = ["name", "email", "password", "organisation_name", "time_zone"] as const;

/** Makes the account, signs in with it and opens the dashboard. */
async function setUp(token: string, form: FormData): Promise<void> {
  const values = Object.fromEntries(FIELDS.map((field) => [field, String(form.get(field) ?? "")]));
  const { email } = await requestJson<{ email: string }>("/api/setup", {
    method: "POST",
    body: { token, ...values },
  });
  const password = String(form.get("password"));
  const answer = await signIn("credentials", { redirect: false, email, password });
  // The account is made either way: without a session, its own page signs in.
  const next = answer?.ok ? EXPLORE_PATH : withQuery(SIGN_IN_PATH, new URLSearchParams({ email }));
  window.location.assign(next);
}

function toFaults(error: unknown): Faults {
  if (!(error instanceof ApiError)) {
    return { summary: "Something went wrong in this page. Try again.", byField: new Map() };
  }
  const known = error.faults.filter(({ path }) => FIELDS.some((field) => field === path));
  const byField = new Map(known.map(({ path, message }) => [path, `This ${message}.`]));
  return { summary: byField.size ? "Mend what is marked below." : error.message, byField };
}

/** @param token of the setup link @param fallbackTimeZone where the browser tells none */
export function SetupForm(props: { token: string; fallbackTimeZone: string }) {
  const [faults, setFaults] = useState<Faults | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setIsBusy(true);
    setFaults(null);
    try {
      await setUp(props.token, form);
    } catch (error) {
      setFaults(toFaults(error));
      setIsBusy(false);
    }
  }

  const faultOf = (field: (typeof FIELDS)[number]) => faults?.byField.get(field);
  return (
    <form method="post" onSubmit={submit} className="mt-5 flex flex-col gap-4">
      {faults ? <Alert variant="danger">{faults.summary}</Alert> : null}
      <TextField
        name="name"
        label="Your name"
        autoComplete="name"
        required
        maxLength={100}
        autoFocus
        fault={faultOf("name")}
      />
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        maxLength={320}
        fault={faultOf("email")}
      />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        minLength={PASSWORD_MIN_LENGTH}
        maxLength={PASSWORD_MAX_LENGTH}
        hint={`At least ${PASSWORD_MIN_LENGTH} characters. A few words are better than a riddle.`}
        fault={faultOf("password")}
      />
      <TextField
        name="organisation_name"
        label="Organisation"
        autoComplete="organization"
        required
        maxLength={100}
        fault={faultOf("organisation_name")}
      />
      <TimeZoneField fallback={props.fallbackTimeZone} fault={faultOf("time_zone")} />
      <Button type="submit" variant="primary" size="large" aria-disabled={isBusy}>
        {isBusy ? "Setting up…" : "Make the account"}
      </Button>
    </form>
  );
}
