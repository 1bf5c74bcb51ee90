/** Which field of the form a failure is about. */
import type { Problem } from "../../bridge/types/Problem";

/** The field of the form that a failure is about. */
export type FormField = "id" | "name" | "is_public" | "admin_id" | "creator_id" | "members";

const FIELDS: [word: RegExp, field: FormField][] = [
  [/^id$/, "id"],
  [/admin/i, "admin_id"],
  [/creat/i, "creator_id"],
  [/ispublic/i, "is_public"],
  [/member|uids/i, "members"],
  [/name/i, "name"],
];

/** The field that a failure names; nothing where it names none. */
export function fieldOf(problem: Problem | null): FormField | null {
  if (!problem) return null;
  if (problem.reason === "not_addressable" || problem.reason === "name_taken") return "name";
  return FIELDS.find(([word]) => word.test(problem.words))?.[1] ?? null;
}
