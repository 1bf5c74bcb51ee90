// Waits until the page has not changed for half a second; a page in which things happen by themselves gets three seconds.
const done = arguments[0];
const end = () => {
  observer.disconnect();
  clearTimeout(calm);
  clearTimeout(longest);
  done(true);
};
let calm = setTimeout(() => end(), 500);
const longest = setTimeout(() => end(), 3000);
const observer = new MutationObserver(() => {
  clearTimeout(calm);
  calm = setTimeout(() => end(), 500);
});
observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
