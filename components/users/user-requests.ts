import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type {
  CreatedUser,
  CreateUserInput,
  SetupLinkAnswer,
  UpdateUserInput,
  UserAnswer,
} from "@/lib/users/user-schemas";

/** The members of every project that one may see. */
export function usersQuery() {
  return queryOptions({
    queryKey: ["users"],
    queryFn: ({ signal }) => requestJson<{ users: UserAnswer[] }>("/api/users", { signal }),
  });
}

/** Adds a person (`POST /api/users`); the answer has their one-time link. */
export function createUser(body: CreateUserInput): Promise<CreatedUser> {
  return requestJson<CreatedUser>("/api/users", { method: "POST", body });
}

/** Changes a person (`PATCH /api/users/{id}`). */
export function updateUser(id: string, body: UpdateUserInput): Promise<UserAnswer> {
  return requestJson<UserAnswer>(`/api/users/${id}`, { method: "PATCH", body });
}

/** Makes a new one-time link (`POST /api/users/{id}/setup-link`). */
export function createSetupLink(id: string): Promise<SetupLinkAnswer> {
  return requestJson<SetupLinkAnswer>(`/api/users/${id}/setup-link`, { method: "POST" });
}
