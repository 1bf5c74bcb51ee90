//! The calls of each colleague with what lists ask of them, side by side: a search that finds a person finds all their calls without
//! a look at each row. Kept by the database itself, whoever writes a call.

/// In the cache. One row for each row of `call_people`; `id` is the call's, the other columns are as in `calls`.
pub(crate) const SCHEMA: &str = "
CREATE TABLE person_calls (
  extension INTEGER NOT NULL,
  id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  source INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  line INTEGER,
  joined INTEGER,
  PRIMARY KEY (extension, id)
) WITHOUT ROWID;
INSERT INTO person_calls (extension, id, started_at, source, direction, outcome, line, joined)
  SELECT w.extension, c.id, c.started_at, c.source, c.direction, c.outcome, c.line, c.joined
  FROM call_people w JOIN calls c ON c.id = w.call ORDER BY w.extension, w.call;
DROP INDEX calls_of_people;
CREATE TRIGGER person_comes AFTER INSERT ON call_people BEGIN
  INSERT INTO person_calls (extension, id, started_at, source, direction, outcome, line, joined)
    SELECT new.extension, c.id, c.started_at, c.source, c.direction, c.outcome, c.line, c.joined
    FROM calls c WHERE c.id = new.call;
END;
CREATE TRIGGER person_goes AFTER DELETE ON call_people BEGIN
  DELETE FROM person_calls WHERE extension = old.extension AND id = old.call;
END;
CREATE TRIGGER person_call_changes AFTER UPDATE OF started_at, direction, outcome, line, joined ON calls BEGIN
  UPDATE person_calls SET started_at = new.started_at, direction = new.direction, outcome = new.outcome,
      line = new.line, joined = new.joined
    WHERE id = new.id AND extension IN (SELECT extension FROM call_people WHERE call = new.id);
END;
";
