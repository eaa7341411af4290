/** What every screen understands, so that it goes along from one to the next. */
const SHARED_PARAMS = ["project", "range", "from", "to", "filter"];

/** The part of a screen's query that the next screen takes over. */
export function sharedParams(search: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...search].filter(([name]) => SHARED_PARAMS.includes(name)));
}

/**
 * The query in the address bar, for what is done at a key or a click: a range chosen a moment ago stands there
 * before the page has drawn it, and must not be lost.
 */
export function currentSearch(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}
