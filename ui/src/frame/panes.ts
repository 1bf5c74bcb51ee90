/** Panes: the parts of the window between which `F6` moves the focus. */

/** Moves the focus to the next pane, or the one before; into its list or first control where it has one. */
export function nextPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter((it) => it.offsetParent !== null);
  if (panes.length === 0) return;
  // The innermost pane that has the focus: a detail pane stands inside the pane of its view.
  const at = panes.findLastIndex((it) => it.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length];
  if (!next) return;
  const inside = next.querySelector<HTMLElement>(
    "[tabindex='0'], a[href], button:not(:disabled), input, select, textarea",
  );
  (inside ?? next).focus();
}
