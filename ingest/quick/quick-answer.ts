import { randomUUID } from "node:crypto";
import { HTTP_LIMITS } from "@/ingest/answer-client-error";

const BODY = '{"accepted":1,"rejected":[],"conflicts":[]}';
const HEAD =
  "HTTP/1.1 202 Accepted\r\ncontent-type: application/json; charset=utf-8\r\n" +
  `content-length: ${BODY.length}\r\nx-request-id: `;

/** Clients that know when we would close it do not send into a closing connection. */
const STAYS = `keep-alive\r\nkeep-alive: timeout=${HTTP_LIMITS.keepAliveTimeout / 1000}`;

let second = 0;
let date = "";

/** The answer to one accepted event as it goes over the wire: what `postEvents` answers then, header by header. */
export function quickAnswer(nowMs: number, isLast: boolean): string {
  const nowSecond = Math.floor(nowMs / 1000);
  if (nowSecond !== second) {
    second = nowSecond;
    date = new Date(nowMs).toUTCString();
  }
  const connection = isLast ? "close" : STAYS;
  return `${HEAD}${randomUUID()}\r\ndate: ${date}\r\nconnection: ${connection}\r\n\r\n${BODY}`;
}
