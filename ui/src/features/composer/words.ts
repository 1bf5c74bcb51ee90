/** States of deliveries, and faults of what was typed, in words. */
import { m } from "../../i18n";
import type { DeliveryState } from "../../bridge/types/DeliveryState";
import { clock } from "../../format/time";
import type { CardFault } from "./cards";
import type { Reason } from "./draft";

/** What is wrong with the attachment cards, and in which line. */
export function faultWords(fault: CardFault): string {
  const { line } = fault;
  switch (fault.kind) {
    case "not_json":
      return fault.sign === ""
        ? m.composer_cards_ends({ line })
        : m.composer_cards_not_json({ line, sign: fault.sign });
    case "not_a_list":
      return m.composer_cards_not_a_list();
    case "not_a_card":
      return m.composer_cards_not_a_card({ at: fault.at, line });
    case "bad_value":
      return m.composer_cards_bad_value({ at: fault.at, line, key: fault.key });
    case "bad_address":
      return m.composer_cards_bad_address({ at: fault.at, line, key: fault.key });
    case "half_field":
      return m.composer_cards_half_field({ at: fault.at, line });
    default:
      return fault satisfies never;
  }
}

/** Why somebody is among the recipients. */
export function reasonWords(reason: Reason): string {
  if (typeof reason === "object") return m.composer_reason_call({ time: clock(reason.asked) });
  switch (reason) {
    case "typed":
      return m.composer_reason_typed();
    case "picked":
      return m.composer_reason_picked();
    case "pasted":
      return m.composer_reason_pasted();
    case "again":
      return m.composer_reason_again();
    case "test":
      return m.composer_test();
    default:
      return reason satisfies never;
  }
}

/** How many people and rooms, and how many people are in those rooms as far as that is known. */
export function whoWords(people: number, rooms: number, inRooms: number): string {
  if (rooms === 0) return m.composer_people_count({ count: people });
  const those = m.composer_rooms_count({ count: rooms });
  const whole = inRooms === 0 ? those : m.composer_rooms_with({ rooms: those, count: inRooms });
  if (people === 0) return whole;
  return m.composer_people_and_rooms({ people: m.composer_people_count({ count: people }), rooms: whole });
}

/** What became of a delivery, in one word. */
export function stateWords(state: DeliveryState): string {
  switch (state) {
    case "waiting":
      return m.composer_state_waiting();
    case "sending":
      return m.composer_state_sending();
    case "sent":
      return m.composer_state_sent();
    case "refused":
      return m.composer_state_refused();
    case "unknown":
      return m.composer_state_unknown();
    case "paused":
      return m.composer_state_paused();
    default:
      return state satisfies never;
  }
}
