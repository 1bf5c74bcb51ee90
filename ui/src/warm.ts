/** What the first screen takes long over, made ready while the program's answers are on their way. */
import { count, longDay } from "./format/time";
import { language } from "./i18n";

/** Letters of both scripts. */
const SAMPLE = "Frontdesk 0:00 受付カナかな";

/** Has the forms of days and figures made, and the letters of both scripts found in both weights. */
export function warm(): void {
  longDay(new Date().toISOString(), language.current);
  count(1_000, language.current);
  const sample = document.createElement("p");
  const strong = document.createElement("span");
  sample.style.position = "absolute";
  sample.style.visibility = "hidden";
  strong.className = "strong";
  strong.append(SAMPLE);
  sample.append(SAMPLE, strong);
  document.body.append(sample);
  // Asked for its height, the web view lays it out now.
  sample.getBoundingClientRect();
  sample.remove();
}
