import type { Metadata } from "next";
import { OrganisationPage } from "@/components/settings/organisation-page";

export const metadata: Metadata = { title: "Organisation · Settings" };

/** What we are called, and where our days begin. */
export default function Organisation() {
  return <OrganisationPage />;
}
