import type { Operation } from "@/lib/openapi/operation";
import {
  createdUserSchema,
  createUserSchema,
  joinAnswerSchema,
  joinSchema,
  setupLinkSchema,
  updateUserSchema,
  userListSchema,
  userParamsSchema,
  userSchema,
} from "@/lib/users/user-schemas";

/** Who is a member, and how one becomes one. */
export const MEMBER_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/users",
    summary: "Members of the projects one may see",
    permission: "users.read",
    response: userListSchema,
  },
  {
    method: "post",
    path: "/api/users",
    summary: "Add a person",
    description: "With a one-time link to choose a password, shown this once. Nothing is sent.",
    permission: "users.write",
    body: createUserSchema,
    response: createdUserSchema,
    status: 201,
  },
  {
    method: "patch",
    path: "/api/users/{id}",
    summary: "Change a person's name or roles, deactivate them or let them back in",
    permission: "users.write",
    params: userParamsSchema,
    body: updateUserSchema,
    response: userSchema,
  },
  {
    method: "post",
    path: "/api/users/{id}/setup-link",
    summary: "Make a new one-time link to choose a password",
    description: "An earlier one stops working; the present password works until it is used.",
    permission: "users.write",
    params: userParamsSchema,
    response: setupLinkSchema,
    status: 201,
  },
  {
    method: "post",
    path: "/api/join",
    summary: "Choose a password, with the token of a one-time link",
    permission: "public",
    body: joinSchema,
    response: joinAnswerSchema,
    status: 201,
  },
];
