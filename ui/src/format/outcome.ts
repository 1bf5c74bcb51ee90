/** What became of a call, as an icon, a tone and a word. */
import { m } from "../i18n";

/** What is needed of a call to mark it. */
export interface Marked {
  direction: "inbound" | "outbound" | "unknown";
  outcome: "ringing" | "answered" | "missed" | "voicemail" | "refused" | "failed" | "unknown";
}

/** How a call is marked. */
export interface CallMark {
  icon: "ringing" | "incoming" | "missed" | "voicemail" | "outgoing" | "refused" | "unknown";
  tone: "plain" | "accent" | "warn" | "bad";
  word: string;
}

/** The mark of a call. */
export function callMark({ direction, outcome }: Marked): CallMark {
  const isOutbound = direction === "outbound";
  switch (outcome) {
    case "ringing":
      return { icon: "ringing", tone: "accent", word: m.outcome_ringing() };
    case "answered":
      return isOutbound
        ? { icon: "outgoing", tone: "plain", word: m.outcome_outgoing() }
        : { icon: "incoming", tone: "plain", word: m.outcome_answered() };
    case "missed":
      return isOutbound
        ? { icon: "outgoing", tone: "warn", word: m.outcome_no_answer() }
        : { icon: "missed", tone: "bad", word: m.outcome_missed() };
    case "voicemail":
      return { icon: "voicemail", tone: "warn", word: m.outcome_voicemail() };
    case "refused":
      return { icon: "refused", tone: "plain", word: m.outcome_refused() };
    case "failed":
      return { icon: "refused", tone: "warn", word: m.outcome_failed() };
    case "unknown":
      return { icon: "unknown", tone: "warn", word: m.outcome_unknown() };
    default:
      return outcome satisfies never;
  }
}
