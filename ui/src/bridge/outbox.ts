/** What becomes of a delivery whose outcome nobody knows: the system is asked, or a person says it. */
import { call } from "./call";
import type { Delivery } from "./types/Delivery";
import type { DeliveryId } from "./types/DeliveryId";

/** Asks the system, where it knows our ids. */
export const outboxAsk = (id: DeliveryId): Promise<Delivery> => call("outbox_ask", { id });
/** A person looked there. */
export const outboxDecide = (id: DeliveryId, hasArrived: boolean): Promise<Delivery> =>
  call("outbox_decide", { id, hasArrived });
/** Sends the same message once more, under the same id. */
export const outboxAgain = (id: DeliveryId): Promise<Delivery> => call("outbox_again", { id });
