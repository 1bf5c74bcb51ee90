// Finds what a person would: by its role and its name. Arguments: role, name, patience in milliseconds, then the callback of
// an asynchronous script, which gets nothing when the patience ends.
const [role, name, patience, found] = arguments;
const ROLES = {
  button: "button, [role=button], summary",
  link: "a[href], [role=link]",
  field: "input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select, [role=combobox], [role=textbox], [role=spinbutton]",
  choice: "input[type=checkbox], input[type=radio], [role=checkbox], [role=radio], [role=switch]",
  tab: "[role=tab]",
  option: "[role=option], [role=menuitem]",
  row: "[role=row]",
  cell: "[role=gridcell], [role=cell]",
  heading: "h1, h2, h3, h4, [role=heading]",
  dialog: "dialog[open], [role=dialog], [role=alertdialog]",
};
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const named = (it) => {
  const others = it.getAttribute("aria-labelledby");
  if (others) return plain(others.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
  const labels = [...(it.labels ?? [])].map((label) => label.textContent).join(" ");
  return plain(it.getAttribute("aria-label") || labels || it.textContent || it.title || it.placeholder);
};
const isShown = (it) =>
  it.getClientRects().length > 0 &&
  getComputedStyle(it).visibility !== "hidden" &&
  !it.closest("[inert], [aria-hidden=true]") &&
  !it.disabled;
const look = () => {
  const shown = [...document.querySelectorAll(ROLES[role])].filter(isShown);
  return shown.find((it) => named(it) === name) ?? shown.find((it) => named(it).includes(name));
};
const seen = () => {
  if (role !== "text") return look();
  const fields = [...document.querySelectorAll("input, textarea")].map((it) => it.value);
  return [document.body.innerText, ...fields].some((text) => plain(text).includes(name)) ? document.body : undefined;
};
const first = seen();
if (first) {
  found(first);
} else {
  // Changes of the page are looked at as they happen; the clock is for what only style changes.
  const end = (it) => {
    observer.disconnect();
    clearInterval(clock);
    clearTimeout(longest);
    found(it);
  };
  const again = () => {
    const it = seen();
    if (it) end(it);
  };
  const observer = new MutationObserver(again);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const clock = setInterval(again, 250);
  const longest = setTimeout(() => end(null), patience);
}
