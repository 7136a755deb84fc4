//! Messages go to another ticket. Each keeps its channel, its key and its customer; what hangs
//! on it (files, raw mail) names the message and needs no change.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::domain::ids::{ContactId, MessageId, OrganizationId, TicketId};
use crate::store::acts::Moved;
use crate::store::error::Result;
use crate::store::tickets::participants;
use crate::store::{Tx, outbox};

/// A message that may belong to the ticket that its own is related to.
const RELATED: &str = "possibly_related";

/// A message of somebody who was not part of the conversation.
const STRANGER: &str = "from_stranger";

/// A message to or from another customer than the ticket's: an answer is not addressed by it.
pub const OTHER_CUSTOMER: &str = "other_customer";

/// Messages per statement.
const CHUNK: usize = 500;

/// Moves all messages of a ticket, with the ids that mail finds them by, how far answers are,
/// and who takes part. What was flagged as possibly related is a stranger's from now on.
pub async fn move_all(
    tx: &Tx,
    organization_id: OrganizationId,
    from: TicketId,
    into: TicketId,
) -> Result<Moved> {
    let organization: Uuid = organization_id.0;
    let moved = found_in(tx, organization_id, from, into).await?;
    {
        use entity::message::{Column, Entity};
        let flags = Func::cust("replace").args([
            Expr::col(Column::Flags),
            Expr::value(RELATED),
            Expr::value(STRANGER),
        ]);
        Entity::update_many()
            .col_expr(Column::TicketId, Expr::value(into.0))
            .col_expr(Column::Flags, flags.into())
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::TicketId.eq(from.0))
            .exec(tx.conn())
            .await?;
    }
    {
        use entity::message_reference::{Column, Entity};
        Entity::update_many()
            .col_expr(Column::TicketId, Expr::value(into.0))
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::TicketId.eq(from.0))
            .exec(tx.conn())
            .await?;
    }
    outbox::move_all(tx, organization_id, from, into).await?;
    let people = participants::of(tx, organization_id, from).await?;
    participants::add(tx, organization_id, people.into_iter().map(|blind| (into, blind))).await?;
    Ok(moved)
}

/// The messages of a ticket that are about to move.
async fn found_in(
    tx: &Tx,
    organization_id: OrganizationId,
    from: TicketId,
    into: TicketId,
) -> Result<Moved> {
    use entity::message::{Column, Entity};
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Flags])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(from.0))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let is_related = |flags: &str| flags.split(',').any(|flag| flag == RELATED);
    let related =
        rows.iter().filter(|(_, flags)| is_related(flags)).map(|(id, _)| MessageId(*id)).collect();
    Ok(Moved { into, messages: rows.into_iter().map(|(id, _)| MessageId(id)).collect(), related })
}

/// Moves these messages of `from`, with the ids that mail finds them by and how far answers are; how
/// many they were.
pub async fn move_these(
    tx: &Tx,
    organization_id: OrganizationId,
    from: TicketId,
    into: TicketId,
    ids: &[MessageId],
) -> Result<u64> {
    let mut moved = 0;
    for chunk in ids.chunks(CHUNK) {
        let of = || chunk.iter().map(|id| id.0);
        moved += {
            use entity::message::{Column, Entity};
            Entity::update_many()
                .col_expr(Column::TicketId, Expr::value(into.0))
                .filter(Column::OrganizationId.eq(organization_id.0))
                .filter(Column::TicketId.eq(from.0))
                .filter(Column::Id.is_in(of()))
                .exec(tx.conn())
                .await?
                .rows_affected
        };
        {
            use entity::message_reference::{Column, Entity};
            Entity::update_many()
                .col_expr(Column::TicketId, Expr::value(into.0))
                .filter(Column::OrganizationId.eq(organization_id.0))
                .filter(Column::TicketId.eq(from.0))
                .filter(Column::MessageId.is_in(of()))
                .exec(tx.conn())
                .await?;
        }
        outbox::move_these(tx, organization_id, into, chunk).await?;
    }
    Ok(moved)
}

/// Flags those of these messages that are of another customer than `customer`.
pub async fn flag_others(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[MessageId],
    customer: Option<ContactId>,
) -> Result<()> {
    use entity::message::{Column, Entity};
    let flags = Expr::case(Expr::col(Column::Flags).eq(""), Expr::value(OTHER_CUSTOMER)).finally(
        Expr::cust_with_exprs(
            "$1 || $2",
            [Expr::col(Column::Flags), Expr::value(format!(",{OTHER_CUSTOMER}"))],
        ),
    );
    for chunk in ids.chunks(CHUNK) {
        let mut of = Condition::all()
            .add(Column::OrganizationId.eq(organization_id.0))
            .add(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .add(Column::Kind.ne(crate::domain::words::MessageKind::Note.as_str()))
            .add(Column::Flags.not_like(format!("%{OTHER_CUSTOMER}%")));
        if let Some(customer) = customer {
            let other = Condition::any()
                .add(Column::ContactId.is_null())
                .add(Column::ContactId.ne(customer.0));
            of = of.add(other);
        }
        Entity::update_many()
            .col_expr(Column::Flags, flags.clone().into())
            .filter(of)
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// They are among their own again: no flag says that they are another customer's, and those of
/// `related` are possibly related as they were.
pub async fn unflag(tx: &Tx, organization_id: OrganizationId, moved: &Moved) -> Result<()> {
    for word in [format!(",{OTHER_CUSTOMER}"), OTHER_CUSTOMER.to_owned()] {
        replace(tx, organization_id, &moved.messages, &word, "").await?;
    }
    replace(tx, organization_id, &moved.related, STRANGER, RELATED).await
}

async fn replace(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[MessageId],
    word: &str,
    by: &str,
) -> Result<()> {
    use entity::message::{Column, Entity};
    for chunk in ids.chunks(CHUNK) {
        let flags = Func::cust("replace").args([
            Expr::col(Column::Flags),
            Expr::value(word),
            Expr::value(by),
        ]);
        Entity::update_many()
            .col_expr(Column::Flags, flags.into())
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}
