/** What a tile shows: everybody, those whom every system knows, or a health list. */
export type Tile = "all" | "linked" | "maybe" | "unmatched" | "guests" | "gone";
