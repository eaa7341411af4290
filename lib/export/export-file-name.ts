/**
 * The name of an exported file: what it is of, the projects, the range and the zone, in characters that every file
 * system takes: `outlay-spend_shop_2026-11-01_2026-11-22T1405_Europe-Berlin.csv`. Midnight is left out.
 * @param from RFC 3339 with the zone's offset, as is `to`, which is excluded
 */
export function exportFileName(file: {
  of: "spend" | "calls" | "sessions";
  projects: readonly { slug: string }[];
  from: string;
  to: string;
  timeZone: string;
}): string {
  const [only, ...others] = file.projects;
  const project = only && others.length === 0 ? only.slug : "all-projects";
  const parts = [`outlay-${file.of}`, project, shortTime(file.from), shortTime(file.to)];
  const zone = file.timeZone.replaceAll("/", "-");
  return `${[...parts, zone].join("_").replace(/[^\w.+-]/g, "")}.csv`;
}

function shortTime(instant: string): string {
  const [date = "", clock = ""] = instant.slice(0, 16).split("T");
  return clock === "00:00" ? date : `${date}T${clock.replace(":", "")}`;
}
