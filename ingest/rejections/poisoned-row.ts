import { scanRow } from "@/ingest/spool/scan-row";

/** A row of the spool that the calls store refused. */
export interface PoisonedRow {
  projectId: string;
  eventId: string | null;
  /** The row without its arrival: what is spooled when it is tried again. */
  body: string;
  /** Milliseconds since 1970. */
  receivedAtMs: number;
}

const ARRIVAL = /^\{"version":"\d+","ingested_at":"([\d-]+ [\d:.]+)"/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** Whose a row is that says nothing of it: nobody sees it, and it is kept. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Reads what is left to be read in a row that is broken in some way. @param setAsideAtMs where it has no arrival */
export function readPoisonedRow(line: string, setAsideAtMs: number): PoisonedRow {
  const arrival = ARRIVAL.exec(line);
  const projectId = scanRow(line, 0, line.length)?.projectId ?? "";
  return {
    projectId: UUID.test(projectId) ? projectId : NOBODY,
    eventId: idOf(line),
    body: arrival ? line.slice(arrival[0].length) : line,
    receivedAtMs: arrival?.[1] ? Date.parse(`${arrival[1].replace(" ", "T")}Z`) : setAsideAtMs,
  };
}

function idOf(line: string): string | null {
  try {
    const row: unknown = JSON.parse(line);
    const isRow = typeof row === "object" && row !== null && "id" in row;
    return isRow && typeof row.id === "string" ? row.id : null;
  } catch {
    return null;
  }
}
