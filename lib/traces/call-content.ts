/** What was said in a call, as its client put it: JSON values, before redaction. */
export interface CallContent {
  system?: unknown;
  messages?: unknown;
  tools?: unknown;
  completion?: unknown;
}
