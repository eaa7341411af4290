import { expect, test } from "vitest";
import { checkApiRequest, listAllowedMethods } from "@/lib/openapi/check-api-request";
import { PEOPLE_OPERATIONS } from "@/lib/openapi/people-operations";

test.each([
  ["GET", "/api/nope", "not_found"],
  ["GET", "/api", "not_found"],
  ["GET", "/api/", "not_found"],
  ["GET", "/api/spend/x", "not_found"],
  ["GET", "/api/openapixjson", "not_found"],
  ["POST", "/api/spend?from=x", "method_not_allowed"],
  ["DELETE", "/api/prices/1", "method_not_allowed"],
  ["PATCH", "/api/openapi.json", "method_not_allowed"],
  ["GET", "/api/calls/%ff", "bad_request"],
  ["GET", "/calls/%zz", "bad_request"],
])("%s %s is a problem, never a page or an empty answer", (method, url, code) => {
  expect(checkApiRequest(method, url)).toMatchObject({ code });
});

test("every operation reaches its route, and so do pages, sign-in and odd ids", () => {
  for (const { method, path } of PEOPLE_OPERATIONS) {
    const url = path.replace(/\{\w+\}/, "a%2Fb%3Fc");
    expect(checkApiRequest(method.toUpperCase(), url)).toBeNull();
    expect(checkApiRequest(method.toUpperCase(), `${url}/?x=1`)).toBeNull();
  }
  for (const url of ["/", "/calls/x", "/apis", "/api/auth/session", "/api/openapi.json"]) {
    expect(checkApiRequest("GET", url)).toBeNull();
  }
  expect(checkApiRequest("HEAD", "/api/spend")).toBeNull();
  expect(checkApiRequest("OPTIONS", "/api/spend")).toBeNull();
  expect(listAllowedMethods("/api/prices?x=1")).toEqual(["GET", "POST", "HEAD"]);
});
