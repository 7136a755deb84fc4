//! The statement of an organization that was closed.

use uuid::Uuid;

use crate::crypto::Signer;
use crate::domain::words::PurgeCause;
use crate::service::purge::statement::{
    self, Closed, FORMAT, Kept, Keys, Organization, Remnants, Request, Signed, SigningKey,
    Statement, Subject, Times, fingerprint, time,
};
use crate::service::{Result, ServiceError, Services};
use crate::store::closings::{self, Closing};
use crate::store::{purges, purges::Statement as Stored};

/// Makes and signs it.
pub(super) async fn sign(services: &Services, closing: &Closing) -> Result<Stored> {
    let store = services.store();
    let signer: Signer = store.keyring().signer().await?;
    let forgetting = services.options().forgetting;
    let days = |days: u32| chrono::TimeDelta::days(days.into());
    let now = store.now();
    let purges = purges::list_statements(store, closing.organization_id).await?;
    let id = closing.organization_id.0;
    let told = Statement {
        format: FORMAT.to_owned(),
        id: closing.statement_id,
        organization: Organization { id, name: closing.name.clone() },
        subject: Subject { kind: "organization".to_owned(), id, provider: String::new() },
        request: Request {
            cause: PurgeCause::Closing.as_str().to_owned(),
            by: Some(closing.asked_by.0),
            early_by: None,
            early_confirmed_by: None,
        },
        times: Times {
            requested_at: time(closing.asked_at),
            window_ended_at: time(closing.due_at.unwrap_or(now)),
            keys_destroyed_at: closing.keys_destroyed_at.map(time),
            finished_at: closing.finished_at.map(time),
        },
        deleted: closing.counts.mail,
        kept: Kept::default(),
        keys: Keys {
            destroyed: vec![closing.key_id],
            forget_list_number: store.keyring().last_forgotten().await?,
        },
        remnants: Remnants {
            readable_until: time(
                closing.keys_destroyed_at.unwrap_or(now) + days(forgetting.keyring_backup_days),
            ),
            backups_until: time(
                closing.finished_at.unwrap_or(now) + days(forgetting.last_backup_days),
            ),
            keys_in_same_cluster: store.is_one_cluster().await?,
        },
        closed: Some(Closed {
            mailboxes: closing.counts.mailboxes,
            users: closing.counts.users,
            confirmed_at: closing.confirmed_at.map(time),
            second_by: closing.second_by.map(|id| id.0),
            exported_at: closing.exported_at.map(time),
            export_downloaded_at: closing.downloaded_at.map(time),
            statements: purges.into_iter().map(|it| it.id).collect(),
        }),
        signing_key: SigningKey {
            id: signer.key_id(),
            fingerprint: fingerprint(&signer.public_key()),
        },
    };
    let (body, signature) = statement::seal(&signer, &told)?;
    Ok(Stored {
        organization_id: closing.organization_id,
        id: closing.statement_id,
        purge_id: closings::as_purge(closing.id),
        at: now,
        body,
        signing_key_id: signer.key_id(),
        signature,
    })
}

/// The statement of an organization that is gone, for whoever knows its id: it says nothing of
/// anybody.
pub async fn find(services: &Services, id: Uuid) -> Result<Signed> {
    let found = closings::find_statement(services.store(), id).await?;
    statement::signed(services, &found.ok_or(ServiceError::NotFound)?).await
}

/// Every statement that this server has signed, the newest first. For the operator.
pub async fn all(services: &Services) -> Result<Vec<Signed>> {
    let mut files = Vec::new();
    for found in closings::list_statements(services.store()).await? {
        files.push(statement::signed(services, &found).await?);
    }
    Ok(files)
}
