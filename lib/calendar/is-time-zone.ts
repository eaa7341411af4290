/** True for a zone that `Intl` knows by a name of the IANA database; a bare offset (`+05:00`) has no calendar. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
