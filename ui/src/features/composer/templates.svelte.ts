/** Texts kept to be written again: read once, and again whenever one of them changes. */
import { templateRemove, templates, templateSave } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Problem } from "../../bridge/types/Problem";
import type { Template } from "../../bridge/types/Template";
import { live } from "../../live.svelte";

export class TemplateBook {
  list: Template[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);

  /** Reads them, and follows what changes; returns how to stop. */
  start(): () => void {
    void this.#read();
    return live.onChanged(["templates"], () => void this.#read());
  }

  /** Keeps one; as it is kept, or nothing where it was not. */
  async save(template: Template): Promise<Template | null> {
    return this.#do(() => templateSave(template));
  }

  /** Forgets one; whether it is gone. */
  async remove(template: Template): Promise<boolean> {
    return (
      (await this.#do(async () => {
        await templateRemove(template.id);
        return true;
      })) ?? false
    );
  }

  async #do<T>(act: () => Promise<T>): Promise<T | null> {
    this.problem = null;
    try {
      const done = await act();
      await this.#read();
      return done;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    }
  }

  async #read(): Promise<void> {
    try {
      this.list = await templates();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}
