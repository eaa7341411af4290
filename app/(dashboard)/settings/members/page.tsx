import type { Metadata } from "next";
import { MembersPage } from "@/components/users/members-page";

export const metadata: Metadata = { title: "Members · Settings" };

/** Who may do what, and whom to ask? */
export default function Members() {
  return <MembersPage />;
}
