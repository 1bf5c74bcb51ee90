/** What leaves: one draft for each recipient, in the shape that its system takes. */
import type { About } from "../../bridge/types/About";
import type { Draft } from "../../bridge/types/Draft";
import type { Card } from "./cards";
import type { Target, Written } from "./draft";
import { filled, filledJson } from "./fields";

type Shape = Pick<About, "abilities" | "grammar">;

/** What becomes of attachment cards at a system. */
export type CardsBecome = "cards" | "text" | "nothing";

/** Whether a file goes along to a system. */
export const takesFile = (system: Pick<About, "abilities">): boolean => system.abilities.includes("files");

/** Whether a system takes cards, shows marks that can stand for them, or neither. What shows a file shows no card beside it. */
export function cardsBecome(system: Shape, hasFile: boolean): CardsBecome {
  if (system.abilities.includes("attachments")) return hasFile && takesFile(system) ? "nothing" : "cards";
  return system.grammar === "markdown" ? "text" : "nothing";
}

/** A card as lines of marked text. */
export function cardLines(card: Card): string[] {
  const title = card.title_link && card.title ? `[${card.title}](${card.title_link})` : card.title;
  const fields = card.fields.map((it) => `${it.title}: ${it.value}`).join(" / ");
  return [card.title ? `**${title}**` : "", ...card.text.split("\n"), fields].filter((it) => it.trim() !== "");
}

/** The text that one system gets: fields filled, and cards as lines where they become text. */
export function textFor(
  written: Pick<Written, "text" | "values" | "file">,
  cards: readonly Card[],
  system: Shape,
): string {
  const text = filled(written.text.replaceAll("\r\n", "\n"), written.values);
  if (cardsBecome(system, written.file !== null) !== "text" || cards.length === 0) return text;
  const lines = cards.flatMap(cardLines).map((it) => filled(it, written.values));
  return [text.trimEnd(), lines.join("\n")].filter((it) => it !== "").join("\n\n");
}

/** Whether somebody stands in a text as a mention already, by the address or the name, so that nothing is put in front of it. */
export function standsIn(text: string, { address, name }: Pick<Target, "address" | "name">): boolean {
  return [address, name].some((words) => {
    const at = words === "" ? -1 : text.indexOf(`@${words}`);
    return at !== -1 && !/^[\w-]/.test(text.slice(at + words.length + 1));
  });
}

/** The draft of one recipient. */
export function draftFor(written: Written, target: Target, cards: readonly Card[], system: Shape): Draft {
  const canAttach = cardsBecome(system, written.file !== null) === "cards";
  const words = (text: string): string | null => (canAttach && text.trim() !== "" ? text.trim() : null);
  const mentions = target.kind === "room" ? written.mentions.filter((it) => it.connection === target.connection) : [];
  return {
    id: written.id,
    connection: target.connection,
    to:
      target.kind === "room"
        ? { kind: "room", address: target.address }
        : { kind: "people", address: [target.address] },
    text: textFor(written, cards, system),
    mentions: mentions.map((it) => it.address),
    sealed: system.abilities.includes("sealed_messages") && written.sealed,
    attachments: canAttach && cards.length > 0 ? filledJson(written.attachments.trim(), written.values) : null,
    guise: { alias: words(written.alias), emoji: words(written.emoji), avatar: words(written.avatar) },
    ...(written.file && takesFile(system) ? { file: written.file } : {}),
  };
}
