import type { Metadata } from "next";
import Link from "next/link";
import { FormCard } from "@/app/(auth)/form-card";
import { SetupForm } from "@/app/(auth)/setup/setup-form";
import { Button } from "@/components/ui/button";
import { SIGN_IN_PATH } from "@/lib/paths";
import { getRuntime } from "@/lib/runtime";
import { findSetupState } from "@/lib/users/complete-setup";

export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

interface SetupPageProps {
  searchParams: Promise<{ token?: string | string[] }>;
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  const { token } = await searchParams;
  const given = typeof token === "string" ? token : null;
  const { postgres, env } = getRuntime();
  const state = await findSetupState(postgres.db, given);
  if (state === "done") {
    return (
      <FormCard
        title="Set up already"
        lead="The first account was made, so this link has done its work. Sign in with it."
      >
        <Button asChild variant="primary" size="large" className="mt-5 w-full">
          <Link href={SIGN_IN_PATH}>Sign in</Link>
        </Button>
      </FormCard>
    );
  }
  if (state === "invalid" || given === null) {
    return (
      <FormCard
        title={given ? "This link does not work" : "Nobody has an account yet"}
        lead="Outlay prints a setup link in the terminal where it starts. It works once and for seven days. Open that link, or restart Outlay for a new one."
      />
    );
  }
  return (
    <FormCard title="Welcome" lead="Make the first account. It will be the admin of everything.">
      <SetupForm token={given} fallbackTimeZone={env.timeZone} />
    </FormCard>
  );
}
