import { RecentMap } from "@/lib/recent-map";

/** Asking `Intl` takes half a millisecond, and each request of a chart asks of its zone. */
const answers = new RecentMap<boolean>(1_000);

/** True for a zone that `Intl` knows by a name of the IANA database; a bare offset (`+05:00`) has no calendar. */
export function isTimeZone(name: string): boolean {
  // The longest name of the database has 32 characters: nobody fills our memory with longer ones.
  if (name.length > 100 || !/^[A-Za-z]/.test(name)) return false;
  return answers.getOrMake(name, () => isKnown(name));
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
