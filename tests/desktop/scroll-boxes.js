// Scrolls plain coloured rows in the place of the list in so many frames and tells how many took longer than 33 ms.
const [frames, done] = arguments;
const list = document.querySelector("[role=grid]");
const place = document.createElement("div");
place.style.cssText = "flex:1;min-height:0;overflow:hidden auto;position:relative";
const tall = document.createElement("div");
tall.style.cssText = "height:16000000px;position:relative";
const boxes = Array.from({ length: 40 }, (_, at) => {
  const box = document.createElement("div");
  box.style.cssText = `position:absolute;inset:0 0 auto;height:27px;background:hsl(${at * 9} 40% 85%)`;
  tall.append(box);
  return box;
});
place.append(tall);
list.replaceWith(place);
const took = [];
let before = 0;
const step = (now) => {
  if (before > 0) took.push(now - before);
  before = now;
  if (took.length === frames) {
    const sorted = [...took].sort((a, b) => a - b);
    done({ frames, late: took.filter((it) => it > 33).length, median: sorted[Math.floor(frames / 2)] });
    return;
  }
  place.scrollTop = ((place.scrollHeight - place.clientHeight) * took.length) / frames;
  const first = Math.floor(place.scrollTop / 28);
  boxes.forEach((box, at) => (box.style.transform = `translateY(${(first + at) * 28}px)`));
  requestAnimationFrame(step);
};
requestAnimationFrame(step);
