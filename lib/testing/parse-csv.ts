/**
 * Reads RFC 4180 strictly, as a program of somebody else's would.
 * @returns the names of the columns, and each line by name
 * @throws Error for a line end that is not CRLF, a stray quote, and a line with more or fewer cells than names
 */
export function parseCsv(text: string): { names: string[]; rows: Record<string, string>[] } {
  const [names = [], ...lines] = readLines(text);
  const rows = lines.map((cells) => {
    if (cells.length !== names.length) throw new Error(`${cells.length} cells: ${cells.join("|")}`);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
  return { names, rows };
}

const CELL = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;

function readLines(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const at = CELL.lastIndex;
    const [, cell = "", end] = CELL.exec(text) ?? [];
    if (end === undefined) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`);
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== "\r\n") continue;
    lines.push(cells);
    cells = [];
  }
  if (cells.length > 0) throw new Error("the last line has no end");
  return lines;
}

/** The text of a cell as it was sent: one leading apostrophe is the guard's. */
export function unguard(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}
