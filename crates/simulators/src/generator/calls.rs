//! The calls of the example office: each can be made by itself from the seed, so that a million need no memory.

pub use super::call::{Call, Direction, LINES, Line, Outcome, Side};
use super::customers::usual_number;
use super::people::Person;
use super::{Purpose, stream};
use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use rand::Rng;

const NOTES: &[&str] = &[
    "配送日を 10/16 午前に変更",
    "Customs papers by Friday",
    "ログイン不可 → 再設定で解決",
    "請求書 9 月分 再発行",
    "源泉徴収の件、折り返し不要",
    "11월 납기 확인 요청",
    "見積を再送",
    "営業電話、取次不要",
    "樣品週五寄出",
    "経理へ転送",
    "ロゴ校正の件",
];

/// Calls that begin in each hour from 8 to 19 o'clock in Tokyo, in parts of [`BUSY_TOTAL`].
const BUSY: [u32; 12] = [2, 12, 12, 11, 4, 9, 12, 11, 9, 6, 2, 1];
const BUSY_TOTAL: f64 = 91.0;
/// The history holds calls that are over, so the last one began at least so long before its end.
const SHORTEST: TimeDelta = TimeDelta::seconds(60);
const OPENS_AT: i64 = 8 * 3_600;

/// The calls of one side, oldest first.
#[derive(Debug, Clone)]
pub struct Calls {
    seed: u64,
    side: Side,
    count: usize,
    customers: usize,
    per_day: usize,
    /// Calls that had begun by the time at which the history ends, on its last day.
    last_day: usize,
    until: DateTime<Utc>,
    /// The working day after the last whole one, counted from Monday, 5 January 1970.
    today: i64,
    members: Vec<Vec<usize>>,
}

impl Calls {
    /// A history of `count` calls that ends at `until`, between these people and the first `customers` customers.
    ///
    /// There are at least 120 calls on a working day, and so many that a history is never longer than about three years.
    pub fn new(seed: u64, side: Side, count: usize, people: &[Person], customers: usize, until: DateTime<Utc>) -> Self {
        let local = until.with_timezone(&tokyo()).date_naive();
        let mut made = Self {
            seed,
            side,
            count,
            customers,
            per_day: (count / 750).max(120),
            last_day: 0,
            until,
            today: working_days_before(local),
            members: LINES.iter().map(|line| members(line, people)).collect(),
        };
        if local.weekday().num_days_from_monday() < 5 {
            let day = made.today;
            made.last_day = (0..made.per_day).take_while(|&slot| made.time(day, slot) + SHORTEST <= until).count();
        }
        made
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether nobody ever called.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// When the call at `index` began; later calls have larger positions.
    pub fn started_at(&self, index: usize) -> DateTime<Utc> {
        let (day, slot) = self.place(index);
        self.time(day, slot)
    }

    /// How many calls began before `time`, which is the position of the first that did not.
    pub fn before(&self, time: DateTime<Utc>) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.started_at(middle) < time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The call at `index`, counted from the oldest.
    pub fn get(&self, index: usize) -> Call {
        let (day, slot) = self.place(index);
        let mut rng = stream(self.seed, Purpose::Call, entropy(day, slot));
        let started_at = self.time_with(day, slot, rng.random());
        let is_in_both = rng.random_ratio(1, 5);
        if !is_in_both {
            let salt = self.seed.wrapping_add(self.side as u64 + 1);
            rng = stream(salt, Purpose::Call, entropy(day, slot));
        }
        let is_outbound = self.side == Side::Cloud && !is_in_both && rng.random_ratio(1, 3);
        let direction = if is_outbound { Direction::Outbound } else { Direction::Inbound };
        let (customer, outside) = self.other_end(direction, &mut rng);
        let line = line_for(outside.as_deref(), &mut rng);
        self.between(Other { direction, customer, outside, line }, started_at, &mut rng)
    }

    fn place(&self, index: usize) -> (i64, usize) {
        let back = self.count.saturating_sub(1).saturating_sub(index);
        if back < self.last_day {
            return (self.today, self.last_day - 1 - back);
        }
        let earlier = back - self.last_day;
        (self.today - 1 - (earlier / self.per_day) as i64, self.per_day - 1 - earlier % self.per_day)
    }

    fn time(&self, day: i64, slot: usize) -> DateTime<Utc> {
        self.time_with(day, slot, stream(self.seed, Purpose::Call, entropy(day, slot)).random())
    }

    /// The calls of a day are spread over equal shares of the busyness, so they come in order. The first number of a
    /// call's chance moves it a little.
    fn time_with(&self, day: i64, slot: usize, jitter: f64) -> DateTime<Utc> {
        let share = (slot as f64 + jitter * 0.8) / self.per_day as f64;
        let mut left = share * BUSY_TOTAL;
        let mut hour = 0;
        while hour + 1 < BUSY.len() && left >= f64::from(BUSY[hour]) {
            left -= f64::from(BUSY[hour]);
            hour += 1;
        }
        let within = (left / f64::from(BUSY[hour]) * 3_600_000.0) as i64;
        let delay = if self.side == Side::Cloud { 2_000 } else { 0 };
        let since_midnight = (OPENS_AT + hour as i64 * 3_600) * 1_000 + within + delay;
        midnight(date_of(day)) + TimeDelta::milliseconds(since_midnight)
    }

    fn other_end(&self, direction: Direction, rng: &mut impl Rng) -> (Option<usize>, Option<String>) {
        let kind = rng.random_range(0..100);
        if self.customers > 0 && (kind < 80 || direction == Direction::Outbound) {
            let regulars = self.customers.min(60);
            let known = if rng.random_ratio(3, 5) {
                rng.random_range(0..regulars)
            } else {
                rng.random_range(0..self.customers)
            };
            return (Some(known), Some(usual_number(known)));
        }
        match kind {
            80..88 => (None, None),
            88..90 => (None, Some(format!("+81120555{:03}", rng.random_range(0..40)))),
            _ => (None, Some(format!("+819055500{:03}", rng.random_range(0..1_000)))),
        }
    }

    fn between(&self, other: Other, started_at: DateTime<Utc>, rng: &mut impl Rng) -> Call {
        let outcome = outcome(other.direction, rng);
        let team = &self.members[other.line];
        let mut rang = Vec::new();
        for _ in 0..if other.direction == Direction::Inbound { rng.random_range(1..=3) } else { 1 } {
            let member = team.get(rng.random_range(0..team.len().max(1))).copied();
            rang.extend(member.filter(|it| !rang.contains(it)));
        }
        let seconds = match outcome {
            Outcome::Answered => 15 + (rng.random::<f64>().powi(3) * 1_500.0) as u32,
            Outcome::Voicemail => rng.random_range(5..90),
            Outcome::Missed | Outcome::Busy => 0,
        };
        let rang_for = rng.random_range(3..30);
        let left = (self.until - started_at).num_seconds() - i64::from(rang_for);
        let has_note = outcome == Outcome::Answered && rng.random_ratio(1, 6);
        Call {
            started_at,
            direction: other.direction,
            outside: other.outside,
            line: other.line,
            rang_for,
            seconds: seconds.min(u32::try_from(left).unwrap_or(0)),
            outcome,
            customer: other.customer,
            spoke: if outcome == Outcome::Answered { rang.last().copied() } else { None },
            rang,
            note: if has_note { NOTES[rng.random_range(0..NOTES.len())] } else { "" },
        }
    }
}

/// What is decided about the outside end of a call before the office answers.
struct Other {
    direction: Direction,
    customer: Option<usize>,
    outside: Option<String>,
    line: usize,
}

/// Japan keeps one offset all year.
pub fn tokyo() -> FixedOffset {
    const HOURS: i32 = 9;
    FixedOffset::east_opt(HOURS * 3_600).expect("nine hours are a valid offset")
}

/// The number as a Japanese exchange shows it: `0…` for Japan, `010…` for abroad, digits only.
pub fn national(e164: &str) -> String {
    let digits = e164.trim_start_matches('+');
    match digits.strip_prefix("81") {
        Some(rest) => format!("0{rest}"),
        None => format!("010{digits}"),
    }
}

fn outcome(direction: Direction, rng: &mut impl Rng) -> Outcome {
    match (direction, rng.random_range(0..100)) {
        (_, 0..79) => Outcome::Answered,
        (Direction::Inbound, 79..94) | (Direction::Outbound, 79..93) => Outcome::Missed,
        (Direction::Inbound, _) => Outcome::Voicemail,
        (Direction::Outbound, _) => Outcome::Busy,
    }
}

/// Calls with abroad go over the line for it, the others over any.
fn line_for(outside: Option<&str>, rng: &mut impl Rng) -> usize {
    const ABROAD: usize = 4;
    let any = [0, 0, 0, 1, 1, 1, 2, 2, 3, 5][rng.random_range(0..10)];
    if outside.is_some_and(|it| !it.starts_with("+81")) { ABROAD } else { any }
}

/// The first eight people of the teams behind a line, or of the whole office if the teams are empty.
fn members(line: &Line, people: &[Person]) -> Vec<usize> {
    let team: Vec<usize> = (0..people.len())
        .filter(|&index| line.departments.contains(&people[index].department.as_str()))
        .take(8)
        .collect();
    if team.is_empty() { (0..people.len().min(8)).collect() } else { team }
}

fn entropy(day: i64, slot: usize) -> u64 {
    (day as u64) << 20 | slot as u64
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    let local = tokyo().from_local_datetime(&date.and_time(NaiveTime::MIN)).single();
    local.expect("a fixed offset has every local time once").with_timezone(&Utc)
}

fn monday_one() -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 5).expect("a valid date")
}

/// Working days (Monday to Friday) from 5 January 1970 up to, but without, `date`.
fn working_days_before(date: NaiveDate) -> i64 {
    let days = (date - monday_one()).num_days();
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

fn date_of(working_day: i64) -> NaiveDate {
    monday_one() + Duration::days(working_day.div_euclid(5) * 7 + working_day.rem_euclid(5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::people::people;
    use chrono::Timelike;

    fn wednesday() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 10, 14, 1, 42, 0).unwrap()
    }

    fn calls(side: Side, count: usize) -> Calls {
        Calls::new(1, side, count, &people(1, 60), 500, wednesday())
    }

    #[test]
    fn calls_come_in_the_order_of_their_time_and_end_before_now() {
        for side in [Side::Office, Side::Cloud] {
            let calls = calls(side, 5_000);
            let times: Vec<_> = (0..calls.len()).map(|it| calls.started_at(it)).collect();
            assert!(times.is_sorted());
            assert!(times.iter().all(|it| *it <= wednesday()));
        }
    }

    #[test]
    fn a_million_calls_need_no_memory_and_stay_within_years() {
        let calls = calls(Side::Cloud, 1_000_000);
        let (first, last) = (calls.get(0), calls.get(999_999));
        assert!(wednesday() - first.started_at < Duration::days(4 * 366));
        assert!(wednesday() - last.started_at < Duration::minutes(10));
        assert_eq!(calls.before(calls.started_at(123_456)), 123_456);
    }

    #[test]
    fn every_call_of_the_history_is_over() {
        let calls = calls(Side::Cloud, 300);
        for call in (0..300).map(|it| calls.get(it)) {
            let end = call.started_at + Duration::seconds(i64::from(call.rang_for + call.seconds));
            assert!(end <= wednesday(), "{call:?}");
        }
    }

    #[test]
    fn nobody_calls_at_night_or_on_a_weekend() {
        let calls = calls(Side::Office, 3_000);
        for index in 0..calls.len() {
            let local = calls.started_at(index).with_timezone(&tokyo());
            assert!((8..20).contains(&local.hour()), "{local}");
            assert!(local.weekday().num_days_from_monday() < 5, "{local}");
        }
    }

    #[test]
    fn some_calls_are_seen_in_both_systems_two_seconds_apart() {
        let (office, cloud) = (calls(Side::Office, 1_000), calls(Side::Cloud, 1_000));
        let both = (0..990)
            .filter(|&index| {
                let call = cloud.get(index);
                let same = office.get(office.before(call.started_at - Duration::seconds(2)).min(999));
                same.started_at + Duration::seconds(2) == call.started_at
                    && same.outside == call.outside
                    && same.spoke == call.spoke
                    && call.customer.is_some()
            })
            .count();
        assert!((80..400).contains(&both), "{both}");
    }

    #[test]
    fn every_outcome_and_direction_occurs_but_the_office_sees_only_what_comes_in() {
        let (office, cloud) = (calls(Side::Office, 500), calls(Side::Cloud, 500));
        assert!((0..500).all(|it| office.get(it).direction == Direction::Inbound));
        for outcome in [Outcome::Answered, Outcome::Missed, Outcome::Voicemail, Outcome::Busy] {
            assert!((0..500).any(|it| cloud.get(it).outcome == outcome), "{outcome:?}");
        }
        assert!((0..500).any(|it| cloud.get(it).outside.is_none()), "some withhold their number");
    }

    #[test]
    fn whoever_spoke_also_rang() {
        let calls = calls(Side::Cloud, 500);
        assert!((0..500).map(|it| calls.get(it)).all(|it| it.spoke.is_none_or(|who| it.rang.contains(&who))));
    }

    #[test]
    fn numbers_are_shown_as_a_japanese_exchange_does() {
        assert_eq!(national("+81655500118"), "0655500118");
        assert_eq!(national("+12125550148"), "01012125550148");
    }
}
