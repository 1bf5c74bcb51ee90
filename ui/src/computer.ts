/** Which kind of computer the window is on, told to the style sheets before anything is drawn. */

/** Marks the page, so that text is set in faces that the computer has. */
export function markComputer(): void {
  if (navigator.userAgent.includes("Linux")) document.documentElement.dataset["computer"] = "linux";
}
