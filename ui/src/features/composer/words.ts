/** States of deliveries, and faults of what was typed, in words. */
import { m } from "../../i18n";
import type { DeliveryState } from "../../bridge/types/DeliveryState";
import type { CardFault } from "./limits";

/** What is wrong with the attachment cards. */
export function faultWords(fault: CardFault): string {
  switch (fault.kind) {
    case "not_json":
      return m.composer_cards_not_json({ words: fault.words });
    case "not_a_list":
      return m.composer_cards_not_a_list();
    case "not_a_card":
      return m.composer_cards_not_a_card({ at: fault.at });
    default:
      return fault satisfies never;
  }
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
