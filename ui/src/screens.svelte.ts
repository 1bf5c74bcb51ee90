/** The views of the window. The first one comes with the window; each other is fetched from the program's files when it is first asked
 * for, and all of them once the first one is painted. */
import type { Component } from "svelte";
import Calls from "./features/calls/CallsView.svelte";
import type { View } from "./frame/route.svelte";
import { views } from "./frame/route.svelte";

type Screen = Component<{ isShown: boolean }>;

const fetchers: Record<Exclude<View, "calls">, () => Promise<{ default: Screen }>> = {
  today: () => import("./features/today/TodayView.svelte"),
  rooms: () => import("./features/rooms/RoomsView.svelte"),
  people: () => import("./features/directory/DirectoryView.svelte"),
  composer: () => import("./features/composer/ComposerView.svelte"),
  bulk: () => import("./features/bulk/BulkView.svelte"),
  "chat-rooms": () => import("./features/chat-rooms/ChatRoomsView.svelte"),
  records: () => import("./features/records/RecordsView.svelte"),
  activity: () => import("./features/activity/ActivityView.svelte"),
  connections: () => import("./features/connections/ConnectionsView.svelte"),
  settings: () => import("./features/settings/SettingsView.svelte"),
};

class Screens {
  #here: Partial<Record<View, Screen>> = $state.raw({ calls: Calls });

  /** A view, once it is here. */
  of(view: View): Screen | undefined {
    return this.#here[view];
  }

  /** Fetches a view that is not here yet. */
  async load(view: View): Promise<void> {
    if (view === "calls" || this.#here[view]) return;
    const { default: screen } = await fetchers[view]();
    this.#here = { ...this.#here, [view]: screen };
  }

  /** Fetches all that are not here yet, one after the other, so that whoever works meanwhile does not wait. */
  async loadAll(): Promise<void> {
    for (const view of views) await this.load(view);
  }
}

export const screens = new Screens();
