/** A customer as a person types one, and what is wrong with it before it is sent. */
import type { NewCustomer } from "../../bridge/types/NewCustomer";

/** The fields of the form. */
export interface CustomerForm {
  name: string;
  kana: string;
  company: string;
  /** The main one first. */
  numbers: string[];
  email: string;
  note: string;
}

/** What is wrong, by field; nothing where it can be sent. */
export interface Faults {
  name?: "missing";
  email?: "not_email";
  /** By the number's place. */
  numbers: ReadonlyMap<number, "missing" | "not_number">;
}

/** Digits, with what people write between them. */
const NUMBER = /^\+?[\d\s()./‐‑–−ー-]+$/u;

/** A form with the number that rang and the name that came along. */
export function formOf(number: string, name: string | null = null): CustomerForm {
  return { name: name ?? "", kana: "", company: "", numbers: [number], email: "", note: "" };
}

/** Whether a text can be a telephone number. */
export function isNumber(text: string): boolean {
  const folded = text.normalize("NFKC").trim();
  return NUMBER.test(folded) && folded.replaceAll(/\D/g, "").length >= 3;
}

/** What is wrong with a form. Further numbers may stay empty. */
export function faultsOf(form: CustomerForm): Faults {
  const numbers = new Map<number, "missing" | "not_number">();
  form.numbers.forEach((it, index) => {
    if (it.trim() === "") {
      if (index === 0) numbers.set(index, "missing");
    } else if (!isNumber(it)) numbers.set(index, "not_number");
  });
  const email = form.email.trim();
  return {
    ...(form.name.trim() === "" ? { name: "missing" as const } : {}),
    ...(email !== "" && !/^[^\s@]+@[^\s@]+$/.test(email) ? { email: "not_email" as const } : {}),
    numbers,
  };
}

/** Whether nothing is wrong. */
export const isSound = (faults: Faults): boolean => !faults.name && !faults.email && faults.numbers.size === 0;

/** The form as the program takes it. */
export function customerOf(form: CustomerForm): NewCustomer {
  const text = (value: string): string | null => value.trim() || null;
  return {
    name: form.name.trim(),
    kana: text(form.kana),
    company: text(form.company),
    numbers: [...new Set(form.numbers.map((it) => it.trim()))].filter((it) => it !== ""),
    email: text(form.email),
    address: null,
    note: text(form.note),
  };
}
