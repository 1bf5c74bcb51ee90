/** The entries of the navigation: a view, its icon and its name. */
import CalendarDays from "@lucide/svelte/icons/calendar-days";
import ConciergeBell from "@lucide/svelte/icons/concierge-bell";
import Hash from "@lucide/svelte/icons/hash";
import History from "@lucide/svelte/icons/history";
import MessageSquare from "@lucide/svelte/icons/message-square";
import Phone from "@lucide/svelte/icons/phone";
import Plug from "@lucide/svelte/icons/plug";
import TableIcon from "@lucide/svelte/icons/table";
import Send from "@lucide/svelte/icons/send";
import Settings from "@lucide/svelte/icons/sliders-horizontal";
import Users from "@lucide/svelte/icons/users";
import { m } from "../i18n";
import type { View } from "./route.svelte";

/** One entry. */
export interface Entry {
  view: View;
  icon: typeof Phone;
  name: () => string;
}

/** Groups of entries, with the heading of each; the first has none. */
export const groups: { heading: (() => string) | null; entries: Entry[] }[] = [
  {
    heading: null,
    entries: [
      { view: "today", icon: ConciergeBell, name: m.frame_today },
      { view: "calls", icon: Phone, name: m.frame_calls },
      { view: "rooms", icon: CalendarDays, name: m.frame_rooms },
      { view: "people", icon: Users, name: m.frame_people },
    ],
  },
  {
    heading: m.frame_group_messages,
    entries: [
      { view: "composer", icon: MessageSquare, name: m.frame_composer },
      { view: "bulk", icon: Send, name: m.frame_bulk },
      { view: "chat-rooms", icon: Hash, name: m.frame_chat_rooms },
    ],
  },
  {
    heading: m.frame_group_administration,
    entries: [
      { view: "records", icon: TableIcon, name: m.frame_records },
      { view: "activity", icon: History, name: m.frame_activity },
      { view: "connections", icon: Plug, name: m.frame_connections },
      { view: "settings", icon: Settings, name: m.frame_settings },
    ],
  },
];

/** The entries that `Ctrl 1` to `Ctrl 9` switch to, in their order. */
export const numbered: Entry[] = groups.flatMap((it) => it.entries).slice(0, 9);
