/** A room, a day and an hour that another view wants to be shown on the rooms board. */

/** A place on the board. */
export interface RoomsPlace {
  /** The day where the rooms are, such as `2026-10-14`. */
  day: string;
  room: string;
  /** The instant at which the keyboard is to stand. */
  at: number;
}

class RoomsAsked {
  /** The place; null where nobody asked. */
  asked: RoomsPlace | null = $state.raw(null);
}

export const roomsAsked = new RoomsAsked();
