//! What is done with tickets, as the browser asks for it and sees it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::ids::TagId;
use crate::http::problem::Problem;
use crate::http::v1::tickets::model::{TicketRequest, TicketSummary};
use crate::service::acts::bulk::{BulkChange, BulkDone};
use crate::service::acts::change::Patch;
use crate::service::acts::merge::Customers;
use crate::service::acts::undo::Undone;
use crate::service::acts::{Changed, Refused};

/// A ticket after something was done with it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketSummary,
    /// What to undo it by; null when nothing was done.
    pub act_id: Option<Uuid>,
}

/// Where a ticket goes up.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct MergeRequest {
    /// The number of the ticket that stays.
    pub into: i64,
    /// The agent knows that the tickets are of different customers. Answers still go to the customer
    /// of the ticket that stays.
    #[serde(default)]
    pub confirm_different_customers: bool,
}

/// Where a ticket goes.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct MoveRequest {
    /// The mailbox where it lives from now on.
    pub mailbox_id: Uuid,
}

/// What to do with several tickets: one of a change, a merge, a restore, a move and a deletion.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct BulkRequest {
    /// Their numbers, at most 500.
    pub numbers: Vec<i64>,
    /// What to change in each.
    #[serde(default)]
    pub change: Option<TicketRequest>,
    /// Merge them into one.
    #[serde(default)]
    pub merge: Option<MergeRequest>,
    /// Take them out of spam and trash.
    #[serde(default)]
    pub restore: bool,
    /// Move them to this mailbox.
    #[serde(default)]
    pub move_to: Option<Uuid>,
    /// Delete them for good, after the delay. Needs the permission to.
    #[serde(default)]
    pub delete: bool,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkResult {
    /// What to undo all of it by; null when nothing was done.
    pub act_id: Option<Uuid>,
    /// The numbers of the tickets that are as was asked.
    pub done: Vec<i64>,
    /// Those that are not, and why.
    pub refused: Vec<RefusedTicket>,
}

/// A ticket that was left as it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefusedTicket {
    /// Its number.
    pub number: i64,
    /// Why, as a word.
    pub code: String,
    /// Why, as a sentence.
    pub message: String,
}

/// What came of undoing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UndoneAct {
    /// The numbers of the tickets that are as they were.
    pub done: Vec<i64>,
    /// Those that are not, and why.
    pub refused: Vec<RefusedTicket>,
}

impl MergeRequest {
    pub(super) fn customers(&self) -> Customers {
        if self.confirm_different_customers { Customers::MayDiffer } else { Customers::MustBeSame }
    }
}

impl BulkRequest {
    pub(super) fn parts(self) -> Result<(Vec<i64>, BulkChange), Problem> {
        let merge = |merge: MergeRequest| BulkChange::Merge {
            into: merge.into,
            customers: merge.customers(),
        };
        let restore = BulkChange::Patch(Patch { restore: true, ..Patch::default() });
        let asked = [
            self.change.map(|change| BulkChange::Patch(change.into())),
            self.merge.map(merge),
            self.restore.then_some(restore),
            self.move_to.map(|mailbox| BulkChange::Move(mailbox.into())),
            self.delete.then_some(BulkChange::Delete),
        ];
        let mut asked = asked.into_iter().flatten();
        match (asked.next(), asked.next()) {
            (Some(change), None) => Ok((self.numbers, change)),
            _ => Err(Problem::invalid(
                "change",
                "give one of a change, a merge, restore, move_to and delete",
            )),
        }
    }
}

impl From<TicketRequest> for Patch {
    fn from(request: TicketRequest) -> Self {
        let tags = |ids: Vec<Uuid>| ids.into_iter().map(TagId).collect();
        Self {
            status: request.status,
            restore: false,
            assignee: request.assignee_id.map(|id| id.map(Into::into)),
            team: request.team_id.map(|id| id.map(Into::into)),
            priority: request.priority,
            snoozed_until: request.snoozed_until,
            tags_add: tags(request.tags_add),
            tags_remove: tags(request.tags_remove),
        }
    }
}

impl From<Changed> for ChangedTicket {
    fn from(changed: Changed) -> Self {
        Self { ticket: changed.summary.into(), act_id: changed.act.map(|id| id.0) }
    }
}

impl From<Refused> for RefusedTicket {
    fn from(refused: Refused) -> Self {
        let Refused { number, code, message } = refused;
        Self { number, code: code.to_owned(), message }
    }
}

impl From<BulkDone> for BulkResult {
    fn from(done: BulkDone) -> Self {
        Self {
            act_id: done.act.map(|id| id.0),
            done: done.done,
            refused: done.refused.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Undone> for UndoneAct {
    fn from(undone: Undone) -> Self {
        let refused = undone.refused.into_iter().map(Into::into).collect();
        Self { done: undone.done, refused }
    }
}
