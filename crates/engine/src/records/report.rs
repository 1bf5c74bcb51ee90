//! What is told of staged changes around a commit; pure.

use model::failure::Problem;
use model::staging::{CommitOutcome, CommitRow, KeptStage, StageKind, StageState};
use model::{Failure, Reason};

/// Whether a person has to decide first: what two people changed, and a new row that may be there already. A change or a removal may
/// leave again by itself, because the row is read first and says what became of it.
pub(super) fn is_held(stage: &KeptStage) -> bool {
    stage.state == StageState::Conflict || stage.state == StageState::Unknown && stage.kind == StageKind::Add
}

pub(super) fn held_row(stage: &KeptStage) -> CommitRow {
    let outcome = match (stage.state, &stage.problem) {
        (StageState::Conflict, _) => CommitOutcome::Conflict,
        (_, Some(problem)) => CommitOutcome::Unknown { problem: problem.clone() },
        (_, None) => CommitOutcome::Unknown {
            problem: Problem::from(&Failure::Unknown(model::Why::new(Reason::OutcomeUnknown, ""))),
        },
    };
    row(stage, outcome)
}

pub(super) fn row(stage: &KeptStage, outcome: CommitOutcome) -> CommitRow {
    CommitRow {
        id: stage.id.clone(),
        resource: stage.resource.clone(),
        key: stage.key.clone(),
        kind: stage.kind,
        outcome,
    }
}

pub(super) fn not_done(problem: Option<&Problem>) -> CommitOutcome {
    CommitOutcome::NotDone { problem: problem.cloned() }
}

/// Whether nothing more may be sent after this.
pub(super) fn ends(failure: &Failure) -> bool {
    match failure {
        Failure::Unknown(_) | Failure::SignedOut(_) | Failure::SlowDown(..) | Failure::Offline(_) => true,
        Failure::Refused(_) | Failure::Surprise(_) | Failure::Invalid(_) => false,
    }
}
