import { redirect } from "next/navigation";
import { SETTINGS_SECTIONS, withQuery } from "@/lib/paths";

interface SettingsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Settings begins with its first section; what the other screens understand (the project) goes along. */
export default async function SettingsPage({ searchParams }: SettingsPageProps) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    for (const one of [value ?? []].flat()) query.append(name, one);
  }
  redirect(withQuery(SETTINGS_SECTIONS[0].path, query));
}
