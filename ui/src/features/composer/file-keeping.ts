/** A file of this computer as the program keeps it, so that what was attached is what is sent whatever becomes of the original. */
import { fileKeep, fileWrite } from "../../bridge/commands";
import type { AttachedFile } from "../../bridge/types/AttachedFile";

/** Bytes that cross to the program at once. */
const PIECE = 512 * 1024;

/** Hands a file over piece by piece; `isWanted` is asked between two, and where it says no nothing is kept. */
export async function keepFile(
  file: Pick<File, "name" | "size" | "slice">,
  key: string,
  isWanted: () => boolean,
): Promise<AttachedFile | null> {
  let from = 0;
  do {
    const piece = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer());
    await fileWrite(key, from, [...piece]);
    from += PIECE;
    if (!isWanted()) return null;
  } while (from < file.size);
  return await fileKeep(key, file.name);
}

/** Whether something that was kept is an attached file. */
export function isAttached(it: unknown): it is AttachedFile {
  if (typeof it !== "object" || it === null) return false;
  const { path, name, size, sha256 } = it as Record<string, unknown>;
  return [path, name, sha256].every((word) => typeof word === "string") && typeof size === "number";
}
