/** What can be put into the text at the caret. */
import { m } from "../../i18n";
import { FIELDS, type FieldName, type Values } from "./fields";
import type { Pick } from "./picks";

/** One thing that can be inserted. */
export type Inserted = { kind: "field"; name: FieldName } | { kind: "words"; text: string } | { kind: "quick_call" };

const LABELS: Record<FieldName, () => string> = {
  caller: m.composer_field_caller,
  customer: m.composer_field_customer,
  number: m.composer_field_number,
  time: m.composer_field_time,
  line: m.composer_field_line,
  note: m.composer_field_note,
  room: m.composer_field_room,
  until: m.composer_field_until,
  me: m.composer_field_me,
};

/** What is offered: each field with its value, snippets, a quick call link where a system makes them, and the sign itself. */
export function insertsOf(
  values: Values,
  snippets: readonly { id: string; name: string; text: string }[],
  hasQuickCalls: boolean,
): Pick<Inserted>[] {
  const fields = FIELDS.map((name): Pick<Inserted> => ({
    id: `field ${name}`,
    label: LABELS[name](),
    detail: values[name] ?? `{{${name}}}`,
    words: name,
    value: { kind: "field", name },
  }));
  const texts = snippets.map((it): Pick<Inserted> => ({
    id: `words ${it.id}`,
    label: it.name,
    detail: it.text.split("\n")[0] ?? "",
    words: it.text,
    value: { kind: "words", text: it.text },
  }));
  const link: Pick<Inserted>[] = hasQuickCalls
    ? [{ id: "quick_call", label: m.composer_quick_call(), detail: "", words: "", value: { kind: "quick_call" } }]
    : [];
  const sign: Pick<Inserted> = {
    id: "sign",
    label: m.composer_only_sign(),
    detail: "",
    words: "{",
    value: { kind: "words", text: "{" },
  };
  return [...fields, ...texts, ...link, sign];
}
