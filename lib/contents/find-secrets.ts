/** A stretch of a text that is to be taken out, and what it is. */
export interface Finding {
  /** Offsets of UTF-16 units; `end` is behind the last. */
  start: number;
  end: number;
  name: string;
}

// Every repetition has an upper bound or cannot begin again where it failed, so each takes time in proportion to the text.
const EMAIL =
  /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)(?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.){1,8}\p{L}[\p{L}\p{N}-]{1,23}/gu;

/** Groups of digits with one space or hyphen between them; which of them are a card's is told by `findCards`. */
const DIGITS = /(?<![\d.])\d+(?:[ \u00a0-]\d+)*/g;
const CARD = { least: 13, most: 19, group: 3 };

/** Prefixes that providers give their keys, so that they can be found. */
const KEY_SHAPES = [
  "(?:sk|pk|rk)-[\\w-]{16,}",
  "(?:sk|pk|rk)_(?:live|test)_\\w{10,}",
  "(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}",
  "gh[opsur]_\\w{20,}",
  "github_pat_\\w{20,}",
  "glpat-[\\w-]{20,}",
  "xox[abeprs]-[\\w-]{10,}",
  "xapp-[\\w-]{10,}",
  "AIza[\\w-]{30,}",
  "ya29\\.[\\w-]{20,}",
  "(?:hf|gsk|npm|r8|nvapi|xai|pplx|tvly|outlay)[_-][\\w-]{20,}",
  "SG\\.[\\w-]{16,}\\.[\\w-]{16,}",
  "eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]+)?",
  "[Bb]earer[ \\t]{1,4}[\\w.~+/-]{16,}=*",
];
const KEY = new RegExp(`(?<!\\w)(?:${KEY_SHAPES.join("|")})`, "g");
/** Without its end it goes to the end of the text: what is left of a key is not shown because it was cut. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g;
const PASSWORD_IN_URL = /(?<=:\/\/[^\s:@/]{0,64}:)[^\s@/]{1,128}(?=@)/g;

/** E-mail addresses, numbers of payment cards, and keys that providers made findable; in any order. */
export function findSecrets(text: string): Finding[] {
  const found: Finding[] = [];
  if (text.includes("@") || text.includes("%40")) {
    addMatches(found, text, EMAIL, "email");
    if (text.includes("://")) addMatches(found, text, PASSWORD_IN_URL, "key");
  }
  addMatches(found, text, KEY, "key");
  if (text.includes("PRIVATE KEY-----")) addMatches(found, text, PRIVATE_KEY, "key");
  for (const run of text.matchAll(DIGITS)) {
    if (run[0].length >= CARD.least) found.push(...findCards(run[0], run.index));
  }
  return found;
}

/** Whether a number's digits are those of a card: its length, its first digit and Luhn's check. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < CARD.least || digits.length > CARD.most || !/^[2-6]/.test(digits)) {
    return false;
  }
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** Cards begin and end with a group: a part of a longer number is none, and dates have shorter groups. */
function findCards(run: string, at: number): Finding[] {
  const groups = [...run.matchAll(/\d+/g)];
  const found: Finding[] = [];
  for (let first = 0; first < groups.length; first++) {
    let digits = "";
    let isEven = true;
    let isLong = true;
    for (let last = first; last < groups.length; last++) {
      const [group] = groups[last] ?? [""];
      digits += group;
      if (digits.length > CARD.most) break;
      isEven &&= group.length === groups[first]?.[0].length;
      isLong &&= group.length >= CARD.group;
      if (!isEven && !isLong) break;
      if (!isCardNumber(digits)) continue;
      const end = (groups[last]?.index ?? 0) + group.length;
      found.push({ start: at + (groups[first]?.index ?? 0), end: at + end, name: "card" });
    }
  }
  return found;
}

function addMatches(found: Finding[], text: string, pattern: RegExp, name: string): void {
  for (const { index, 0: match } of text.matchAll(pattern)) {
    found.push({ start: index, end: index + match.length, name });
  }
}
