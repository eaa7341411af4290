/** The engine's own limit: `node:http` that reads each body and answers 202, with no work between. Prints its address. */
import http from "node:http";
import type { AddressInfo } from "node:net";

const ANSWER = '{"accepted":1,"rejected":[],"conflicts":[]}';
const server = http.createServer((request, response) => {
  request.on("data", () => undefined);
  request.on("end", () => {
    response.writeHead(202, {
      "content-type": "application/json; charset=utf-8",
      "content-length": ANSWER.length,
    });
    response.end(ANSWER);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
