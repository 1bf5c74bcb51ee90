//! What became different between a snapshot and now, row by row, and how each row can be put back; pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::Raw;
use model::record::{Resource, Verb, is_secret};
use model::snapshot::{DriftKind, DriftPick, DriftResource, DriftRow, RestoreWay};
use model::staging::{FieldChange, StageKind};
use model::text::fold;

use crate::records::reading::may_write;
use crate::records::row::{self, Fields, is_nothing, placeholder_word, same};
use crate::records::secrets::{KEPT, shown};
use crate::records::staged::changes;

/// A row that can be staged, as the snapshot has it and as it is now.
#[derive(Debug, Clone, Default)]
pub(crate) struct TwoSides {
    pub(crate) then: Option<Fields>,
    pub(crate) now: Option<Fields>,
}

/// What became different in one resource.
pub(crate) struct Compared {
    pub(crate) count: DriftResource,
    pub(crate) rows: Vec<DriftRow>,
    /// Both sides of those that can be staged.
    pub(crate) sides: Vec<(DriftPick, TwoSides)>,
}

/// A key in the order of numbers.
type Place = (u64, String);
/// Rows in the order of their keys.
type Keyed = BTreeMap<Place, Fields>;

/// Compares the rows of a resource. Where they come and go by themselves, those that are new or missing are only counted.
pub(crate) fn compare(resource: &Resource, comes_by_itself: bool, then: &[Raw], now: &[Raw]) -> Compared {
    let (then, now) = (keyed(resource, then), keyed(resource, now));
    let count = DriftResource { resource: resource.path.clone(), added: 0, removed: 0, changed: 0, comes_by_itself };
    let mut compared = Compared { count, rows: Vec::new(), sides: Vec::new() };
    let mut elsewhere = elsewhere(resource, &then, &now);
    let mut under_another = BTreeSet::new();
    for (place, old) in &then {
        match now.get(place) {
            Some(new) => compared.same_key(resource, &place.1, old, new),
            None => {
                let other = signature(resource, old).and_then(|it| elsewhere.get_mut(&it)?.pop());
                compared.removed(resource, &place.1, old, other.as_ref());
                under_another.extend(other);
            }
        }
    }
    for (place, new) in now.iter().filter(|(place, _)| !then.contains_key(*place) && !under_another.contains(*place)) {
        compared.added(resource, &place.1, new);
    }
    compared
}

impl Compared {
    fn same_key(&mut self, resource: &Resource, key: &str, old: &Fields, new: &Fields) {
        let names = differing(&resource.key, old, new);
        if names.is_empty() {
            return;
        }
        self.count.changed += 1;
        let differing: Fields = names.iter().map(|name| (*name, new.get(name).unwrap_or("null"))).collect();
        let fields = changes(StageKind::Change, old, &seen(&differing));
        let way = allowed(resource, Verb::Update, || changed_way(resource, key, &names, old, new));
        let sides = TwoSides { then: Some(old.clone()), now: Some(new.clone()) };
        self.put(key, DriftKind::Changed, fields, way, sides);
    }

    fn removed(&mut self, resource: &Resource, key: &str, old: &Fields, other: Option<&Place>) {
        self.count.removed += 1;
        if self.count.comes_by_itself {
            return;
        }
        let lacks = || old.iter().filter(|it| is_masked(it.1)).map(|it| it.0.to_owned()).collect();
        let way = match other {
            Some((_, key)) => RestoreWay::UnderKey { key: key.clone() },
            None => allowed(resource, Verb::Create, || RestoreWay::Stage { kind: StageKind::Add, lacks: lacks() }),
        };
        let fields = changes(StageKind::Delete, old, &Fields::default());
        self.put(key, DriftKind::Removed, fields, way, TwoSides { then: Some(old.clone()), now: None });
    }

    fn added(&mut self, resource: &Resource, key: &str, new: &Fields) {
        self.count.added += 1;
        if self.count.comes_by_itself {
            return;
        }
        let way = allowed(resource, Verb::Delete, || match may_write(resource, key) {
            true => RestoreWay::Stage { kind: StageKind::Delete, lacks: Vec::new() },
            false => RestoreWay::Reserved,
        });
        let fields = changes(StageKind::Add, &Fields::default(), &seen(new));
        self.put(key, DriftKind::Added, fields, way, TwoSides { then: None, now: Some(new.clone()) });
    }

    fn put(&mut self, key: &str, kind: DriftKind, fields: Vec<FieldChange>, way: RestoreWay, sides: TwoSides) {
        let (resource, key) = (self.count.resource.clone(), key.to_owned());
        if matches!(way, RestoreWay::Stage { .. }) {
            self.sides.push((DriftPick { resource: resource.clone(), key: key.clone() }, sides));
        }
        self.rows.push(DriftRow { resource, key, kind, fields, way });
    }
}

/// The values of a snapshot's row that can be written back: of the fields that differ and are there on both sides, all but those that
/// the snapshot has no value of.
pub(crate) fn values_to_put_back(key: &str, then: &Fields, now: &Fields) -> Fields {
    let names = differing(key, then, now).into_iter().filter(|name| is_writable(name, then, now));
    names.filter_map(|name| Some((name, then.get(name)?))).collect()
}

/// A snapshot's row as a new one: empty where the snapshot has no value.
pub(crate) fn row_to_make(then: &Fields) -> Fields {
    then.map(|_, value| is_masked(value).then(|| "\"\"".to_owned()))
}

fn allowed(resource: &Resource, verb: Verb, way: impl FnOnce() -> RestoreWay) -> RestoreWay {
    if resource.verbs.contains(&verb) { way() } else { RestoreWay::Forbidden { verb } }
}

fn changed_way(resource: &Resource, key: &str, names: &[&str], then: &Fields, now: &Fields) -> RestoreWay {
    if !may_write(resource, key) {
        return RestoreWay::Reserved;
    }
    let lacks: Vec<String> =
        names.iter().filter(|name| !is_writable(name, then, now)).map(|name| (*name).to_owned()).collect();
    match lacks.len() == names.len() {
        true => RestoreWay::NoValue { lacks },
        false => RestoreWay::Stage { kind: StageKind::Change, lacks },
    }
}

/// The fields besides the key that differ, in the order of the snapshot, then those that are new.
fn differing<'a>(key: &str, then: &'a Fields, now: &'a Fields) -> Vec<&'a str> {
    let key = fold(key);
    let kept = then.iter().map(|(name, _)| name);
    let new = now.iter().map(|(name, _)| name).filter(|name| then.get(name).is_none());
    let differ = |name: &&str| {
        let (old, new) = (then.get(name).unwrap_or("null"), now.get(name).unwrap_or("null"));
        // Of a secret the snapshot knows only that there was one.
        if is_masked(old) { is_nothing(new) } else { !same(old, new) }
    };
    kept.chain(new).filter(|name| fold(name) != key).filter(differ).collect()
}

fn is_writable(name: &str, then: &Fields, now: &Fields) -> bool {
    now.get(name).is_some() && then.get(name).is_some_and(|value| !is_masked(value))
}

fn is_masked(value: &str) -> bool {
    placeholder_word(value).is_some()
}

/// The row as it may be seen.
fn seen(row: &Fields) -> Fields {
    shown(row, KEPT)
}

/// Rows that are there now and were not, by what they say besides their key.
fn elsewhere(resource: &Resource, then: &Keyed, now: &Keyed) -> HashMap<String, Vec<Place>> {
    let mut found: HashMap<String, Vec<Place>> = HashMap::new();
    for (place, row) in now.iter().rev().filter(|(place, _)| !then.contains_key(*place)) {
        if let Some(says) = signature(resource, row) {
            found.entry(says).or_default().push(place.clone());
        }
    }
    found
}

/// What a row says besides its key, its secrets and what is empty; nothing where it says nothing.
fn signature(resource: &Resource, row: &Fields) -> Option<String> {
    let key = fold(&resource.key);
    let told = row.iter().filter(|(name, value)| fold(name) != key && !is_secret(name) && !is_nothing(value));
    let mut told: Vec<String> = told.map(|(name, value)| format!("{name}\u{0}{}", row::text(value))).collect();
    told.sort_unstable();
    (!told.is_empty()).then(|| told.join("\u{1}"))
}

fn keyed(resource: &Resource, rows: &[Raw]) -> Keyed {
    let field = fold(&resource.key);
    let keyed = rows.iter().filter_map(|raw| {
        let fields = Fields::read(raw).ok()?;
        let key = row::text(fields.iter().find(|(name, _)| fold(name) == field)?.1);
        let key = key.trim().to_owned();
        Some(((key.parse().unwrap_or(u64::MAX), key), fields))
    });
    keyed.collect()
}

#[cfg(test)]
mod tests {
    use model::record::ResourceGroup;

    use super::*;

    fn resource(verbs: &[Verb], least_key: u32) -> Resource {
        Resource {
            path: "R".into(),
            name: "R".into(),
            key: "ID".into(),
            verbs: verbs.to_vec(),
            least_key,
            group: ResourceGroup::Service,
            fields: Vec::new(),
            starts_something: false,
            opens_on_call: false,
            is_live: false,
            caution: None,
        }
    }

    const ALL: &[Verb] = &[Verb::List, Verb::Create, Verb::Update, Verb::Delete];

    fn ways(resource: &Resource, then: &[&str], now: &[&str]) -> Vec<(String, RestoreWay)> {
        let raws = |rows: &[&str]| rows.iter().map(|it| Raw((*it).to_owned())).collect::<Vec<_>>();
        let compared = compare(resource, false, &raws(then), &raws(now));
        compared.rows.into_iter().map(|it| (format!("{:?} {}", it.kind, it.key), it.way)).collect()
    }

    fn stage(kind: StageKind, lacks: &[&str]) -> RestoreWay {
        RestoreWay::Stage { kind, lacks: lacks.iter().map(|it| (*it).to_owned()).collect() }
    }

    #[test]
    fn rows_come_in_the_order_of_their_numbers_and_only_what_differs() {
        let then = [r#"{"ID":"2","a":"x"}"#, r#"{"ID":"9","a":"same"}"#, r#"{"ID":"10","a":"gone"}"#];
        let now = [r#"{"a":"same","ID":9}"#, r#"{"ID":"2","a":"y"}"#, r#"{"ID":"11","a":"new"}"#];
        let expected = [
            ("Changed 2".to_owned(), stage(StageKind::Change, &[])),
            ("Removed 10".to_owned(), stage(StageKind::Add, &[])),
            ("Added 11".to_owned(), stage(StageKind::Delete, &[])),
        ];
        assert_eq!(ways(&resource(ALL, 1), &then, &now), expected);
    }

    #[test]
    fn what_is_forbidden_or_reserved_is_said() {
        let (one, other) = ([r#"{"ID":"1","a":"x"}"#], [r#"{"ID":"1","a":"y"}"#]);
        let check = |verbs: &[Verb], least: u32, then: &[&str], now: &[&str], way: RestoreWay| {
            assert_eq!(ways(&resource(verbs, least), then, now)[0].1, way);
        };
        check(&[Verb::List], 1, &one, &other, RestoreWay::Forbidden { verb: Verb::Update });
        check(&[Verb::List], 1, &one, &[], RestoreWay::Forbidden { verb: Verb::Create });
        check(&[Verb::List], 1, &[], &one, RestoreWay::Forbidden { verb: Verb::Delete });
        check(ALL, 2, &one, &other, RestoreWay::Reserved);
        check(ALL, 2, &[], &one, RestoreWay::Reserved);
    }

    #[test]
    fn a_secret_differs_only_where_it_came_or_went_and_is_never_put_back() {
        let all = resource(ALL, 1);
        let masked = r#"{"ID":"1","名称":"a","パスワード":{"$secret":"kept"}}"#;
        assert_eq!(ways(&all, &[masked], &[r#"{"ID":"1","名称":"a","パスワード":"p"}"#]), []);
        let lacks = || vec!["パスワード".to_owned()];
        let gone = [r#"{"ID":"1","名称":"a","パスワード":""}"#];
        assert_eq!(ways(&all, &[masked], &gone)[0].1, RestoreWay::NoValue { lacks: lacks() });
        let both = [r#"{"ID":"1","名称":"b","パスワード":""}"#];
        assert_eq!(ways(&all, &[masked], &both)[0].1, stage(StageKind::Change, &["パスワード"]));
        assert_eq!(ways(&all, &[masked], &[])[0].1, stage(StageKind::Add, &["パスワード"]));
        let fields = |text: &str| Fields::read(&Raw(text.to_owned())).unwrap();
        assert_eq!(values_to_put_back("ID", &fields(masked), &fields(both[0])).raw().0, r#"{"名称":"a"}"#);
        assert_eq!(row_to_make(&fields(masked)).raw().0, r#"{"ID":"1","名称":"a","パスワード":""}"#);
    }

    #[test]
    fn a_row_that_came_back_under_another_key_is_told_once() {
        let then = [r#"{"ID":"2","a":"x","b":""}"#, r#"{"ID":"3","a":"x","b":""}"#];
        let now = [r#"{"ID":"8","b":null,"a":"x"}"#];
        let found = ways(&resource(ALL, 1), &then, &now);
        assert_eq!(found[0].1, RestoreWay::UnderKey { key: "8".into() });
        assert_eq!((found.len(), &found[1].1), (2, &stage(StageKind::Add, &[])), "one row stands for one other");
    }
}
