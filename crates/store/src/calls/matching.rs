//! Which of several calls with one number are the same: pure, and the same whatever order they come in.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::same::{APART, Seen, is_alike, is_same_number};

/// Puts numbers that are written without their country to those that have it.
pub(super) fn bring_together(by_number: &mut HashMap<String, Vec<Seen>>) {
    let dialled: Vec<String> = by_number.keys().filter(|it| !it.starts_with('+')).cloned().collect();
    for key in dialled {
        let tail = key.trim_start_matches('0');
        let world = by_number.keys().find(|it| it.starts_with('+') && it.ends_with(tail) && is_same_number(it, &key));
        let Some(world) = world.cloned() else { continue };
        let calls = by_number.remove(&key).unwrap_or_default();
        by_number.entry(world).or_default().extend(calls);
    }
}

/// Calls of one number that follow each other so closely that what one is matched with bears upon the next.
pub(super) fn chains(mut calls: Vec<Seen>) -> Vec<Vec<Seen>> {
    calls.sort_unstable_by_key(|it| it.kind.started_at);
    let mut chains: Vec<Vec<Seen>> = Vec::new();
    for call in calls {
        match chains.last_mut() {
            Some(chain) if chain.last().is_some_and(|it| call.kind.started_at - it.kind.started_at <= APART) => {
                chain.push(call);
            }
            Some(_) | None => chains.push(vec![call]),
        }
    }
    chains
}

/// The groups of a chain, each with at most one call of a connection. `apart` are pairs that a person separated.
pub(super) fn groups(chain: Vec<Seen>, apart: &HashSet<(i64, i64)>) -> Vec<Vec<Seen>> {
    let mut by_connection: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
    for call in chain {
        by_connection.entry(call.connection.clone()).or_default().push(call);
    }
    let mut groups: Vec<Vec<Seen>> = Vec::new();
    for (_, mut calls) in by_connection {
        calls.sort_unstable_by(|a, b| (a.kind.started_at, &a.external_id).cmp(&(b.kind.started_at, &b.external_id)));
        groups.sort_by(|a, b| place(a).cmp(&place(b)));
        let mut matched = align(&groups, &calls, |group, call| {
            let fits = group.iter().all(|it| {
                is_alike(it, call)
                    && (it.kind.started_at - call.kind.started_at).abs() <= APART
                    && !apart.contains(&(it.id, call.id))
            });
            fits.then(|| (begin(group) - call.kind.started_at).unsigned_abs())
        });
        for (at, call) in calls.into_iter().enumerate() {
            match matched.remove(&at) {
                Some(group) => groups[group].push(call),
                None => groups.push(vec![call]),
            }
        }
    }
    groups
}

fn place(group: &[Seen]) -> Option<(i64, &str, &str)> {
    group.first().map(|it| (it.kind.started_at, it.connection.as_str(), it.external_id.as_str()))
}

fn begin(group: &[Seen]) -> i64 {
    group.first().map_or(0, |it| it.kind.started_at)
}

/// Matches groups and calls in their order: as many as possible, then with the least distance. Gives the group of each call.
fn align(
    groups: &[Vec<Seen>],
    calls: &[Seen],
    distance: impl Fn(&[Seen], &Seen) -> Option<u64>,
) -> HashMap<usize, usize> {
    // The best for the first so many groups and calls: how many matches, and their distance, which is better the smaller it is.
    let width = calls.len() + 1;
    let mut best = vec![(0_u32, 0_u64); (groups.len() + 1) * width];
    let is_better = |one: (u32, u64), other: (u32, u64)| (one.0, other.1) > (other.0, one.1);
    let mut pair = vec![None; best.len()];
    for (g, group) in groups.iter().enumerate() {
        for (c, call) in calls.iter().enumerate() {
            let at = (g + 1) * width + c + 1;
            let (without_group, without_call) = (best[at - width], best[at - 1]);
            best[at] = if is_better(without_call, without_group) { without_call } else { without_group };
            if let Some(away) = distance(group, call) {
                let before = best[at - width - 1];
                let with = (before.0 + 1, before.1 + away);
                if is_better(with, best[at]) {
                    best[at] = with;
                    pair[at] = Some((c, g));
                }
            }
        }
    }
    let mut matched = HashMap::new();
    let (mut g, mut c) = (groups.len(), calls.len());
    while g > 0 && c > 0 {
        let at = g * width + c;
        match pair[at] {
            Some((call, group)) => {
                matched.insert(call, group);
                (g, c) = (g - 1, c - 1);
            }
            None if best[at] == best[at - width] => g -= 1,
            None => c -= 1,
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::spans::Kind;

    fn call(id: i64, source: i64, second: i64) -> Seen {
        let kind = Kind { started_at: second * 1_000, source, direction: 1, outcome: 2, line: None, joined: None };
        Seen {
            id,
            external_id: id.to_string(),
            connection: source.to_string(),
            kind,
            number: "+81355500142".to_owned(),
        }
    }

    fn matched(calls: Vec<Seen>, apart: &[(i64, i64)]) -> Vec<Vec<i64>> {
        let apart = apart.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        let groups = chains(calls).into_iter().flat_map(|chain| groups(chain, &apart));
        let mut ids: Vec<Vec<i64>> = groups
            .map(|group| {
                let mut ids: Vec<i64> = group.iter().map(|it| it.id).collect();
                ids.sort_unstable();
                ids
            })
            .collect();
        ids.sort();
        ids
    }

    #[test]
    fn calls_within_ninety_seconds_are_one_and_others_are_not() {
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 2, 90)], &[]), [vec![1, 2]]);
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 2, 91)], &[]), [vec![1], vec![2]]);
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 1, 5)], &[]), [vec![1], vec![2]], "one connection, two calls");
    }

    #[test]
    fn calls_that_follow_closely_are_matched_in_their_order() {
        // One clock is thirty seconds late; the nearest ones would be the wrong ones.
        let calls = vec![call(1, 1, 0), call(2, 1, 40), call(3, 2, 30), call(4, 2, 70)];
        assert_eq!(matched(calls, &[]), [vec![1, 3], vec![2, 4]]);
        // The first was not seen by the second connection: the nearer one is meant.
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 1, 60), call(3, 2, 62)], &[]), [vec![1], vec![2, 3]]);
    }

    #[test]
    fn what_a_person_separated_stays_apart_and_three_connections_find_each_other() {
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 2, 3)], &[(1, 2)]), [vec![1], vec![2]]);
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 2, 3), call(3, 3, 6)], &[]), [vec![1, 2, 3]]);
        assert_eq!(matched(vec![call(1, 1, 0), call(2, 2, 3), call(3, 3, 6)], &[(2, 3)]), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn the_order_in_which_they_come_does_not_matter() {
        let calls: Vec<Seen> =
            [(1, 1, 0), (2, 2, 20), (3, 1, 50), (4, 2, 55), (5, 3, 58), (6, 1, 130), (7, 3, 140), (8, 2, 250)]
                .map(|(id, source, second)| call(id, source, second))
                .into();
        let expected = matched(calls.clone(), &[]);
        for turn in 1..calls.len() {
            let mut turned = calls.clone();
            turned.rotate_left(turn);
            assert_eq!(matched(turned.clone(), &[]), expected);
            turned.reverse();
            assert_eq!(matched(turned, &[]), expected);
        }
    }

    #[test]
    fn a_number_with_its_country_is_the_one_that_people_there_dial() {
        assert!(is_same_number("+81355500142", "0355500142"));
        assert!(!is_same_number("+81355500142", "+82355500142"));
        assert!(!is_same_number("+81355500142", "0355500143"));
        assert!(!is_same_number("204", "+81204"));
        assert!(!is_same_number("", ""));
        let mut numbers: HashMap<String, Vec<Seen>> = HashMap::new();
        numbers.insert("+81355500142".to_owned(), vec![call(1, 1, 0)]);
        numbers.insert("0355500142".to_owned(), vec![call(2, 2, 0)]);
        bring_together(&mut numbers);
        assert_eq!(numbers.len(), 1);
    }
}
