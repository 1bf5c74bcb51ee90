import { describe, expect, it } from "vitest";
import type { Leg } from "../../bridge/types/Leg";
import { clockWithSeconds } from "../../format/time";
import { axis, scale, scaleLabel } from "./axis";

const start = new Date(2026, 9, 14, 10, 31, 4).getTime();
const leg = (after: number, seconds: number, name: string, change: Partial<Leg> = {}): Leg => ({
  started_at: new Date(start + after * 1000).toISOString(),
  duration_seconds: seconds,
  name,
  outcome: "missed",
  extension_id: null,
  kind: "",
  is_master: false,
  ...change,
});

describe("the axis", () => {
  it("draws a menu, a queue with those it rang at, and nobody as a queue who only rang longest", () => {
    const legs = [
      leg(0, 5, "案内", { outcome: "answered", is_master: true }),
      leg(5, 17, "営業グループ"),
      leg(5, 9, "田中 健一"),
      leg(14, 7, "鈴木 大輔"),
    ];
    expect(axis(legs)?.steps.map((it) => it.look)).toEqual(["machine", "wait", "untaken", "untaken"]);
    const together = [leg(0, 17, "田中 健一"), leg(0, 9, "鈴木 大輔")];
    expect(axis(together, ["田中 健一", "鈴木 大輔"])?.steps.map((it) => it.look)).toEqual(["untaken", "untaken"]);
  });

  it("stays within its width, and is not drawn where a step has no time", () => {
    const steps = axis([leg(0, 5, "a"), leg(5, 17, "b")])?.steps ?? [];
    expect(steps).toHaveLength(2);
    for (const it of steps) expect(it.left + it.width).toBeLessThanOrEqual(1 + Number.EPSILON);
    expect(axis([leg(0, 5, "a"), leg(1, 2, "b", { started_at: null })])).toBeNull();
    expect(axis([])).toBeNull();
  });

  it("says the seconds alone within a minute, and the whole time after it", () => {
    const labels = (seconds: number): string[] =>
      scale(start, seconds).map((at) => scaleLabel(at, start, clockWithSeconds));
    expect(labels(22)).toEqual(["10:31:04", ":15", ":26"]);
    expect(labels(120)).toEqual(["10:31:04", "10:32:04", "10:33:04"]);
    expect(labels(2)).toEqual(["10:31:04", ":06"]);
  });
});
