/** Starts the window: words, theme and the frame. */
import { mount } from "svelte";
import App from "./App.svelte";
import { markComputer } from "./computer";
import { language } from "./i18n";
import "./tokens.css";
import "./app.css";

// Until the settings are read the window follows the computer, so that a dark one does not flash and what fails is understood.
language.follow("");
document.documentElement.dataset["theme"] = window.matchMedia("(prefers-color-scheme: dark)").matches
  ? "dark"
  : "light";

markComputer();
const target = document.getElementById("app");
if (target === null) throw new Error("the page has no #app");
mount(App, { target });
