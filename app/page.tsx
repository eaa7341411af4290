import { redirect } from "next/navigation";
import { OVERVIEW_PATH } from "@/lib/paths";

/** The Overview is the first screen; before the first event it shows how to send one. */
export default function HomePage(): never {
  redirect(OVERVIEW_PATH);
}
