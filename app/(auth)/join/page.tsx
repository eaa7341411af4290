import type { Metadata } from "next";
import Link from "next/link";
import { FormCard } from "@/app/(auth)/form-card";
import { JoinForm } from "@/app/(auth)/join/join-form";
import { Button } from "@/components/ui/button";
import { SIGN_IN_PATH } from "@/lib/paths";
import { getRuntime } from "@/lib/runtime";
import { findInvited } from "@/lib/users/join";

export const metadata: Metadata = { title: "Choose a password", referrer: "no-referrer" };

interface JoinPageProps {
  searchParams: Promise<{ token?: string | string[] }>;
}

/** Where a one-time link leads. */
export default async function JoinPage({ searchParams }: JoinPageProps) {
  const { token } = await searchParams;
  const given = typeof token === "string" ? token : "";
  const person = await findInvited(getRuntime().postgres.db, given);
  if (!person) {
    return (
      <FormCard
        title="This link does not work"
        lead="It works once, and for seven days. If you have chosen a password, sign in with it; if not, an admin can make you a new link."
      >
        <Button asChild variant="primary" size="large" className="mt-5 w-full">
          <Link href={SIGN_IN_PATH}>Sign in</Link>
        </Button>
      </FormCard>
    );
  }
  return (
    <FormCard title={`Welcome, ${person.name}`} lead={`Choose the password for ${person.email}.`}>
      <JoinForm token={given} email={person.email} />
    </FormCard>
  );
}
