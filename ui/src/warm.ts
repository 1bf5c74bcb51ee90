/** What the first screen takes long over, made ready while the program's answers are on their way. */
import { count, longDay } from "./format/time";
import { language } from "./i18n";

/** Letters of both scripts. */
const SAMPLE = "Frontdesk 0:00 受付カナかな";

/** The sizes of the first screen. */
const SIZES = ["11", "12", "13", "15"];

/** Has the forms of days and figures made, and the letters of both scripts found in every size and both weights. */
export function warm(): void {
  longDay(new Date().toISOString(), language.current);
  count(1_000, language.current);
  const sample = document.createElement("p");
  sample.style.position = "absolute";
  sample.style.visibility = "hidden";
  for (const size of SIZES) {
    const line = document.createElement("span");
    const strong = document.createElement("span");
    line.style.fontSize = `var(--fs-${size})`;
    strong.className = "strong";
    strong.append(SAMPLE);
    line.append(SAMPLE, strong);
    sample.append(line);
  }
  document.body.append(sample);
  // Asked for its height, the web view lays it out now.
  sample.getBoundingClientRect();
  sample.remove();
}
