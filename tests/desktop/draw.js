// Has the page draw something that nobody sees again and again, until it is called anew: where the web view draws with the processor, a
// picture is taken with the next frame, and a page at rest has none.
if (window.drawing) {
  clearInterval(window.drawing.beat);
  window.drawing.dot.remove();
  delete window.drawing;
} else {
  const dot = document.createElement("i");
  Object.assign(dot.style, { position: "fixed", top: "0", left: "0", width: "1px", height: "1px", opacity: "0.01" });
  document.body.append(dot);
  let isOn = false;
  const beat = setInterval(() => {
    isOn = !isOn;
    dot.style.background = isOn ? "canvas" : "canvastext";
  }, 20);
  window.drawing = { dot, beat };
}
