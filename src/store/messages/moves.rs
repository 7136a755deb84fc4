//! Messages go to another ticket. Each keeps its channel, its key and its customer; what hangs
//! on it (files, raw mail) names the message and needs no change.

use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::domain::ids::{OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::tickets::participants;
use crate::store::{Tx, outbox};

/// Moves all messages of a ticket, with the ids that mail finds them by, how far answers are,
/// and who takes part. What was flagged as possibly related is a stranger's from now on.
pub async fn move_all(
    tx: &Tx,
    organization_id: OrganizationId,
    from: TicketId,
    into: TicketId,
) -> Result<()> {
    let organization: Uuid = organization_id.0;
    {
        use entity::message::{Column, Entity};
        let flags = Func::cust("replace").args([
            Expr::col(Column::Flags),
            Expr::value("possibly_related"),
            Expr::value("from_stranger"),
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
    participants::add(tx, organization_id, people.into_iter().map(|blind| (into, blind))).await
}
