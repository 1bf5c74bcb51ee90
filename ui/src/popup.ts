/** Starts the window that shows who rings. */
import { mount } from "svelte";
import PopupWindow from "./features/popup/PopupWindow.svelte";
import { markComputer } from "./computer";
import { language } from "./i18n";
import "./tokens.css";
import "./app.css";

markComputer();
language.follow("");
const target = document.getElementById("app");
if (target === null) throw new Error("the page has no #app");
mount(PopupWindow, { target });
