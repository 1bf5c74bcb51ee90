/** What the program tells unasked, each by a channel of its own. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { isInProgram } from "./call";
import type { Event } from "./types/Event";
import type { Go } from "./types/Go";
import type { Reach } from "./types/Reach";

type Fake = typeof import("./fake");

/** Listens to one channel; without the program around it, to the invented one. */
async function follow<T>(
  command: string,
  listener: (told: T) => void,
  invented: (fake: Fake) => (listener: (told: T) => void) => void,
): Promise<void> {
  if (isInProgram()) {
    const channel = new Channel<T>();
    channel.onmessage = listener;
    await invoke(command, { channel });
    return;
  }
  if (import.meta.env.MODE !== "production") invented(await import("./fake"))(listener);
}

/** Listens from now on; the first event is a snapshot. */
export const subscribe = (listener: (event: Event) => void): Promise<void> =>
  follow("events_subscribe", listener, (fake) => fake.listen);

/** Learns what the main window is asked to show, by another window or by a link. */
export const followGo = (listener: (to: Go) => void): Promise<void> =>
  follow("go_subscribe", listener, (fake) => fake.follow);

/** Learns what the computer lets the program do outside its windows, now and whenever it changes. */
export const followReach = (listener: (reach: Reach) => void): Promise<void> =>
  follow("reach_subscribe", listener, (fake) => fake.followReach);
