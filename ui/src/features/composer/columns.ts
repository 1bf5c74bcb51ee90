/** What each system gets of a message: its recipients, its text and how much of its limits that takes. */
import type { About } from "../../bridge/types/About";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import { live } from "../../live.svelte";
import type { Card } from "./cards";
import type { Target, Written } from "./draft";
import { fill, lengthOf, type Fill } from "./limits";
import { cardsBecome, takesFile, textFor, type CardsBecome } from "./outgoing";

/** One system of a message. */
export interface Column {
  connection: ConnectionView;
  system: About;
  targets: Target[];
  /** The text that it gets. */
  text: string;
  length: number;
  limit: number | null;
  fill: Fill;
  cardsBecome: CardsBecome;
  canSeal: boolean;
  takesFile: boolean;
  /** Whether nothing is left that could be sent there. */
  isEmpty: boolean;
}

/** A column for each of these connections. */
export function columnsOf(connections: readonly ConnectionView[], written: Written, cards: readonly Card[]): Column[] {
  return connections.flatMap((connection) => {
    const system = live.system(connection.system);
    if (!system) return [];
    const text = textFor(written, cards, system);
    const length = lengthOf(text);
    const become = cardsBecome(system, written.file !== null);
    const hasFile = written.file !== null && takesFile(system);
    const column: Column = {
      connection,
      system,
      targets: written.to.filter((it) => it.connection === connection.id),
      text,
      length,
      limit: system.longest_text,
      fill: fill(length, system.longest_text),
      cardsBecome: become,
      canSeal: system.abilities.includes("sealed_messages"),
      takesFile: takesFile(system),
      isEmpty: text.trim() === "" && !hasFile && !(become === "cards" && cards.length > 0),
    };
    return [column];
  });
}
