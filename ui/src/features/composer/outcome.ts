/** What became of the deliveries of one draft: whom they were for, how many stand how. */
import type { Delivery } from "../../bridge/types/Delivery";
import type { DeliveryState } from "../../bridge/types/DeliveryState";
import { keyOf, type Target } from "./draft";

/** Whether the outcome of a delivery is still being waited for. */
export const isOpen = (it: Delivery): boolean => it.state === "waiting" || it.state === "sending";

const keysOf = ({ connection, to }: Pick<Delivery, "connection" | "to">): string[] =>
  [to.address].flat().map((address) => keyOf({ connection, kind: to.kind === "room" ? "room" : "person", address }));

/** The recipients that these deliveries were for. */
export function targetsOf(
  targets: readonly Target[],
  deliveries: readonly Pick<Delivery, "connection" | "to">[],
): Target[] {
  const keys = new Set(deliveries.flatMap(keysOf));
  return targets.filter((it) => keys.has(keyOf(it)));
}

/** How many deliveries stand how. */
export function counted(deliveries: readonly Delivery[]): Record<DeliveryState, number> {
  const counts: Record<DeliveryState, number> = { waiting: 0, sending: 0, sent: 0, refused: 0, unknown: 0, paused: 0 };
  for (const it of deliveries) counts[it.state] += 1;
  return counts;
}
