import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { FormCard } from "@/app/(auth)/form-card";
import { SignInForm } from "@/app/(auth)/sign-in/sign-in-form";
import { hasUsers } from "@/db/queries/users";
import { findCurrentUser } from "@/lib/auth/current-user";
import { returnPath } from "@/lib/auth/return-path";
import { getRuntime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Sign in" };

interface SignInPageProps {
  searchParams: Promise<{ callbackUrl?: string | string[]; email?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { callbackUrl, email } = await searchParams;
  if (await findCurrentUser()) redirect(returnPath(callbackUrl));
  if (!(await hasUsers(getRuntime().postgres.db))) redirect("/setup");
  return (
    <FormCard title="Sign in" lead="See what your agents spend.">
      <SignInForm
        returnTo={returnPath(callbackUrl)}
        email={typeof email === "string" ? email : ""}
      />
    </FormCard>
  );
}
