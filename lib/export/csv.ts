/** One cell: text that came from outside, or what we made ourselves (a number, a decimal, a time). */
export type CsvCell = { text: string | null } | { plain: string | number | boolean | null };

/**
 * What makes a spreadsheet run a cell as a formula, or hides what does. The apostrophe is among them so that one
 * leading apostrophe too many is always ours: whoever takes it off has the very text that was sent.
 */
const GUARDED = /^[=+\-@\t\r\n']/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One line of RFC 4180 with its line end. An empty cell is "not known" or "not sent": a zero is written as 0.
 * Text that a spreadsheet could run (it begins with `=`, `+`, `-`, `@`, a tab or a line end) gets a leading apostrophe,
 * as does text with an apostrophe of its own in front. Numbers are never changed.
 */
export function writeCsvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(writeCell).join(",")}\r\n`;
}

function writeCell(cell: CsvCell): string {
  const text = "text" in cell ? guard(cell.text ?? "") : writePlain(cell.plain);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function guard(text: string): string {
  return GUARDED.test(text) ? `'${text}` : text;
}

function writePlain(value: string | number | boolean | null): string {
  if (value === null) return "";
  return typeof value === "number" ? writeNumber(value) : String(value);
}

const SCIENTIFIC = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/;

/** The shortest decimal that is this very number, with every digit: a ledger reads no `1e-7`. */
function writeNumber(value: number): string {
  const short = String(value);
  const match = SCIENTIFIC.exec(short);
  if (!match) return short;
  const [, sign = "", first = "", fraction = "", exponent = "0"] = match;
  const digits = first + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0").slice(0, point)}${digits.length > point ? `.${digits.slice(point)}` : ""}`;
}
