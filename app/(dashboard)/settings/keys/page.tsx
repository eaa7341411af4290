import type { Metadata } from "next";
import { KeysPage } from "@/components/keys/keys-page";

export const metadata: Metadata = { title: "Keys · Settings" };

/** Who may send and read, and is this key still used? */
export default function Keys() {
  return <KeysPage />;
}
