/** The clipboard. */

/** Puts text on the clipboard; falls back to a selection where the web view offers no clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("aria-hidden", "true");
    area.classList.add("sr");
    document.body.append(area);
    const had = document.activeElement;
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way where there is no clipboard
    document.execCommand("copy");
    area.remove();
    if (had instanceof HTMLElement) had.focus();
  }
}
