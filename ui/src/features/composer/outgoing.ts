/** What leaves: one draft for each recipient, in the shape that its system takes. */
import type { About } from "../../bridge/types/About";
import type { Draft } from "../../bridge/types/Draft";
import type { Guise } from "../../bridge/types/Guise";
import type { BulkAsked } from "../../bulk-asked.svelte";
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

/** Lines that a system gets after the text in the place of cards, fields in place; none where it takes cards, or neither. */
const linesFor = (hasFile: boolean, cards: readonly Card[], system: Shape): string[] =>
  cardsBecome(system, hasFile) === "text" ? cards.flatMap(cardLines) : [];

/** The text that one system gets: fields filled, and cards as lines where they become text. */
export function textFor(
  written: Pick<Written, "text" | "values" | "file">,
  cards: readonly Card[],
  system: Shape,
): string {
  const text = filled(written.text.replaceAll("\r\n", "\n"), written.values);
  const lines = linesFor(written.file !== null, cards, system).map((it) => filled(it, written.values));
  return lines.length === 0 ? text : [text.trimEnd(), lines.join("\n")].filter((it) => it !== "").join("\n\n");
}

/** Whether somebody stands in a text as a mention already, by the address or the name, so that nothing is put in front of it. */
export function standsIn(text: string, { address, name }: Pick<Target, "address" | "name">): boolean {
  return [address, name].some((words) => {
    const at = words === "" ? -1 : text.indexOf(`@${words}`);
    return at !== -1 && !/^[\w-]/.test(text.slice(at + words.length + 1));
  });
}

/** Another name and picture for the sender. */
export function guiseOf(written: Pick<Written, "alias" | "emoji" | "avatar">): Guise {
  const words = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  return { alias: words(written.alias), emoji: words(written.emoji), avatar: words(written.avatar) };
}

/** Whom a message to somebody mentions: in a room, those of its own system. */
export const mentionsFor = (written: Pick<Written, "mentions">, target: Target): string[] =>
  target.kind === "room"
    ? written.mentions.filter((it) => it.connection === target.connection).map((it) => it.address)
    : [];

/** The draft of one recipient. */
export function draftFor(written: Written, target: Target, cards: readonly Card[], system: Shape): Draft {
  const canAttach = cardsBecome(system, written.file !== null) === "cards";
  return {
    id: written.id,
    connection: target.connection,
    to:
      target.kind === "room"
        ? { kind: "room", address: target.address }
        : { kind: "people", address: [target.address] },
    text: textFor(written, cards, system),
    mentions: mentionsFor(written, target),
    sealed: system.abilities.includes("sealed_messages") && written.sealed,
    attachments: canAttach && cards.length > 0 ? filledJson(written.attachments.trim(), written.values) : null,
    guise: canAttach ? guiseOf(written) : { alias: null, emoji: null, avatar: null },
    ...(written.file && takesFile(system) ? { file: written.file } : {}),
  };
}

/** One system of a message that is to be planned as many. */
interface Lane {
  system: Shape;
  targets: readonly Target[];
}

/** The message as whoever plans many takes it. */
export function bulkOf(written: Written, lanes: readonly Lane[], cards: readonly Card[]): BulkAsked {
  const recipients = lanes.flatMap(({ system, targets }) =>
    targets.map((target) => ({
      connection: target.connection,
      kind: target.kind,
      address: target.address,
      name: target.name,
      after: linesFor(written.file !== null, cards, system).join("\n"),
      mentions: mentionsFor(written, target),
    })),
  );
  return {
    text: written.text,
    recipients,
    sealed: written.sealed,
    attachments: cards.length > 0 ? written.attachments.trim() : "",
    guise: guiseOf(written),
    values: written.values,
  };
}
