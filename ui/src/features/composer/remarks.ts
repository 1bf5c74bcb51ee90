/** What each system keeps, drops or changes of a message, as sentences. */
import { fileSize } from "../../format/size";
import { language, m } from "../../i18n";
import type { Card } from "./cards";
import type { Column } from "./columns";
import type { Written } from "./draft";
import { hasMarks } from "./grammar";
import { cardLines } from "./outgoing";

/** One of them: kept, lost or changed, not certain, or only to be known. */
export interface Remark {
  kind: "ok" | "warn" | "unsure" | "info";
  words: string;
}

function ofText({ text, system, limit }: Column): Remark[] {
  const found: Remark[] = [];
  if (system.grammar === "plain") {
    found.push({ kind: "ok", words: m.composer_plain_text() });
    if (hasMarks(text, "single_marks") || hasMarks(text, "markdown"))
      found.push({ kind: "warn", words: m.composer_marks_stay() });
  } else if (system.grammar === "markdown" && /(^|\s)\*[^*\s][^*\n]*\*(?!\*)/u.test(text))
    found.push({ kind: "warn", words: m.composer_marks_differ() });
  if (limit === null) found.push({ kind: "info", words: m.composer_no_limit() });
  return found;
}

function ofCards({ cardsBecome }: Column, written: Written, cards: readonly Card[]): Remark[] {
  if (cards.length === 0) return [];
  const fields = cards.reduce((sum, it) => sum + it.fields.length, 0);
  switch (cardsBecome) {
    case "cards": {
      const words = m.composer_cards_count({ count: cards.length });
      return [
        {
          kind: "ok",
          words:
            fields === 0
              ? words
              : m.composer_cards_and_fields({ cards: words, fields: m.composer_fields_count({ count: fields }) }),
        },
      ];
    }
    case "text":
      if (cards.flatMap(cardLines).length === 0) return [];
      return [{ kind: "warn", words: m.composer_cards_lines({ count: cards.flatMap(cardLines).length }) }];
    case "nothing":
      return [{ kind: "warn", words: m.composer_cards_left_out() }];
    default:
      return cardsBecome satisfies never;
  }
}

function ofFile({ takesFile }: Column, { file }: Written): Remark[] {
  if (file === null) return [];
  if (!takesFile) return [{ kind: "warn", words: m.composer_file_left_out() }];
  const size = fileSize(file.size, language.current);
  return [{ kind: "ok", words: m.composer_file_goes({ name: file.name, size }) }];
}

/** Everything that is to be said of a message at one system, what is lost after what is kept. */
export function remarksOf(column: Column, written: Written, cards: readonly Card[]): Remark[] {
  const found = [...ofText(column), ...ofFile(column, written), ...ofCards(column, written, cards)];
  const hasGuise = [written.alias, written.emoji, written.avatar].some((it) => it.trim() !== "");
  if (hasGuise && written.file && column.takesFile) found.push({ kind: "warn", words: m.composer_guise_left_out() });
  if (column.cardsBecome === "cards" && written.alias.trim() !== "")
    found.push({ kind: "unsure", words: m.composer_alias_right({ alias: written.alias.trim() }) });
  if (column.canSeal && written.sealed) found.push({ kind: "ok", words: m.composer_receipt() });
  else if (!column.canSeal && written.sealed) found.push({ kind: "warn", words: m.composer_no_receipt() });
  const unchecked = column.targets.filter((it) => !it.isKnown).length;
  if (unchecked > 0) found.push({ kind: "unsure", words: m.composer_may_vanish() });
  found.push({ kind: "info", words: m.composer_no_recall() });
  return found;
}
