// Two frames: the first is asked for before the paint, the second begins after it.
requestAnimationFrame(() => requestAnimationFrame(() => window.__TAURI__.core.invoke("painted")));
