/** Holidays by name. */
import type { Holiday } from "../../bridge/types/Holiday";
import { m } from "../../i18n";

/** What a holiday is called. */
export function holidayWords(holiday: Holiday): string {
  const names: Record<Holiday, () => string> = {
    new_year: m.rooms_holiday_new_year,
    coming_of_age: m.rooms_holiday_coming_of_age,
    foundation: m.rooms_holiday_foundation,
    emperor: m.rooms_holiday_emperor,
    vernal_equinox: m.rooms_holiday_vernal_equinox,
    showa: m.rooms_holiday_showa,
    constitution: m.rooms_holiday_constitution,
    greenery: m.rooms_holiday_greenery,
    children: m.rooms_holiday_children,
    marine: m.rooms_holiday_marine,
    mountain: m.rooms_holiday_mountain,
    aged: m.rooms_holiday_aged,
    autumnal_equinox: m.rooms_holiday_autumnal_equinox,
    sports: m.rooms_holiday_sports,
    culture: m.rooms_holiday_culture,
    labour: m.rooms_holiday_labour,
    reign: m.rooms_holiday_reign,
    substitute: m.rooms_holiday_substitute,
    between: m.rooms_holiday_between,
    closed: m.rooms_holiday_closed,
  };
  return names[holiday]();
}
