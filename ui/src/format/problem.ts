/** A failure in words of the window's language. */
import { m, wordOf } from "../i18n";

const word = wordOf(import.meta.glob("../paraglide/messages/reason_*.js", { eager: true }));

/** What is needed of a failure to say it. */
export interface Trouble {
  code: string;
  reason: string;
  words: string;
  wait_seconds?: number | null;
}

/** The sentence of the reason, with the wait where a limit names one. */
export function reasonSentence(problem: Trouble): string {
  const sentence = word(`reason_${problem.reason}`) ?? problem.reason;
  if (problem.wait_seconds === null || problem.wait_seconds === undefined) return sentence;
  return m.failure_with_wait({ sentence, seconds: problem.wait_seconds });
}
