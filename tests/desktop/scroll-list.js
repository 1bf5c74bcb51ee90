// Scrolls the list from its beginning to its end in so many frames and tells how many took longer than 33 ms.
const [frames, done] = arguments;
const list = document.querySelector("[role=grid]");
const took = [];
let filled = 0;
let before = 0;
const step = (now) => {
  if (before > 0) took.push(now - before);
  before = now;
  filled += list.querySelectorAll("[role=row][aria-label]").length > 0 ? 1 : 0;
  if (took.length === frames) {
    const sorted = [...took].sort((a, b) => a - b);
    done({ frames, late: took.filter((it) => it > 33).length, median: sorted[Math.floor(frames / 2)], filled });
    return;
  }
  list.scrollTop = ((list.scrollHeight - list.clientHeight) * took.length) / frames;
  requestAnimationFrame(step);
};
requestAnimationFrame(step);
