/** The one subscription to what the program tells unasked. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { isInProgram } from "./call";
import type { Event } from "./types/Event";
import type { Go } from "./types/Go";
import type { Reach } from "./types/Reach";

/** Listens from now on; the first event is a snapshot. */
export async function subscribe(listener: (event: Event) => void): Promise<void> {
  if (isInProgram()) {
    const channel = new Channel<Event>();
    channel.onmessage = listener;
    await invoke("events_subscribe", { channel });
    return;
  }
  if (import.meta.env.MODE !== "production") {
    const { listen } = await import("./fake");
    listen(listener);
  }
}

/** Learns what the main window is asked to show, by another window or by a link. */
export async function followGo(listener: (to: Go) => void): Promise<void> {
  if (isInProgram()) {
    const channel = new Channel<Go>();
    channel.onmessage = listener;
    await invoke("go_subscribe", { channel });
    return;
  }
  if (import.meta.env.MODE !== "production") {
    const { follow } = await import("./fake");
    follow(listener);
  }
}

/** Learns what the computer lets the program do outside its windows, now and whenever it changes. */
export async function followReach(listener: (reach: Reach) => void): Promise<void> {
  if (isInProgram()) {
    const channel = new Channel<Reach>();
    channel.onmessage = listener;
    await invoke("reach_subscribe", { channel });
    return;
  }
  if (import.meta.env.MODE !== "production") {
    const { followReach: follow } = await import("./fake");
    follow(listener);
  }
}
