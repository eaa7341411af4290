import { useState } from "react";
import { splitHidden } from "@/components/contents/visible-text";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/format";

const FOLDED_LENGTH = 2_000;

interface SafeTextProps {
  text: string;
  /** Marked where it stands; a text that holds it is shown whole. */
  search: string;
  isCode?: boolean;
}

/**
 * A text that anybody may have written: letters only, never markup or a link. What cannot be seen is shown by its
 * number, its own direction ends where it ends, and what is long is folded.
 */
export function SafeText({ text, search, isCode = false }: SafeTextProps) {
  const [isWhole, setWhole] = useState(false);
  const isFound = search !== "" && text.toLowerCase().includes(search.toLowerCase());
  const isFolded = text.length > FOLDED_LENGTH && !isWhole && !isFound;
  const shown = isFolded ? text.slice(0, FOLDED_LENGTH) : text;
  return (
    <div>
      <div
        dir={isCode ? "ltr" : "auto"}
        className={`whitespace-pre-wrap break-words [unicode-bidi:isolate] ${isCode ? "font-mono text-xs" : "text-[13px] leading-relaxed"}`}
      >
        {splitHidden(shown).map(({ text: stretch, isHidden }, index) =>
          isHidden ? (
            <code
              // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one text, which does not change
              key={index}
              title="A character that cannot be seen"
              className="mx-0.5 rounded bg-caution-soft px-1 font-mono text-[11px] text-caution"
            >
              {stretch}
            </code>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one text, which does not change
            <Marked key={index} text={stretch} search={search} />
          ),
        )}
        {isFolded && "…"}
      </div>
      {isFolded && (
        <Button size="small" variant="ghost" className="mt-1 -ml-2" onClick={() => setWhole(true)}>
          Show all {formatCount(text.length)} characters
        </Button>
      )}
    </div>
  );
}

function Marked({ text, search }: { text: string; search: string }) {
  if (search === "") return text;
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  // A letter whose lower case is longer would shift what is marked.
  if (lower.length !== text.length) return text;
  const pieces: { text: string; isFound: boolean; at: number }[] = [];
  let at = 0;
  for (let found = lower.indexOf(wanted); found >= 0; found = lower.indexOf(wanted, at)) {
    pieces.push({ text: text.slice(at, found), isFound: false, at });
    at = found + wanted.length;
    pieces.push({ text: text.slice(found, at), isFound: true, at: found });
  }
  pieces.push({ text: text.slice(at), isFound: false, at });
  return pieces.map((piece) =>
    piece.isFound ? (
      <mark key={`m${piece.at}`}>{piece.text}</mark>
    ) : (
      <span key={`t${piece.at}`}>{piece.text}</span>
    ),
  );
}
