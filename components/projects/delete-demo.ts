import { sendRequest } from "@/lib/api-client";

/** Removes a demo project with everything in it (`DELETE /api/projects/{id}`), which answers nothing. */
export async function deleteDemo(id: string): Promise<void> {
  await sendRequest(`/api/projects/${id}`, { method: "DELETE" });
}
