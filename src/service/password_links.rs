//! Links by which a person chooses a password: a new user, or one who has forgotten theirs.
//!
//! A link proves itself: it names account and end, and is authenticated under the server's key
//! together with the password that there is. So it works once: the new password makes it, and
//! every other one, worthless. Nothing is stored. It stands behind the `#` of the address, which
//! no browser sends to any server.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::access::{self, Object};
use super::post::{self, Kind, Words};
use super::{Result, ServiceError, Services, passwords, sign_in};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::crypto::OpenKey;
use crate::domain::ids::AccountId;
use crate::mail::compose::Language;
use crate::store::accounts::{self, Account};
use crate::store::{memberships, sessions};

/// A mail that was asked for is read at once.
const RESET_LIFE: TimeDelta = TimeDelta::hours(1);

/// A new colleague may be on holiday.
pub(super) const INVITATION_LIFE: TimeDelta = TimeDelta::days(7);

/// What the authentication is for.
const PURPOSE: &str = "account.password_link";

/// Sends a link to whoever signs in with this address. The answer is the same, and takes as
/// long, whether there is anybody.
pub async fn request(services: &Services, caller: IpAddr, email: &str) -> Result<()> {
    if !post::is_ready(services).await? {
        return Err(ServiceError::conflict(
            "no_own_mail",
            "This server sends no mail of its own. Ask whoever runs it for a new password.",
        ));
    }
    sign_in::attempt_link(services, caller, email).await?;
    let (task, email) = (services.clone(), email.to_owned());
    services.tasks().spawn(async move {
        if let Err(error) = send(&task, &email).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "A link for a password cannot be sent"
            );
        }
    });
    Ok(())
}

async fn send(services: &Services, email: &str) -> Result<()> {
    let store = services.store();
    let Some(account) = accounts::find_by_email(store, email).await? else { return Ok(()) };
    if !can_sign_in(services, &account).await? {
        return Ok(());
    }
    let tx = store.begin().await?;
    post::enqueue(&tx, None, Kind::PasswordReset, account.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a password would be of any use: a membership that is not shut.
async fn can_sign_in(services: &Services, account: &Account) -> Result<bool> {
    let memberships = memberships::list_of_account(services.store(), account.id).await?;
    Ok(account.disabled_at.is_none() && !memberships.is_empty())
}

/// Sets the password of whoever has the link, and ends all their sessions.
pub async fn set_password(
    services: &Services,
    token: &SecretString,
    password: SecretString,
) -> Result<()> {
    let store = services.store();
    let key = store.keyring().server_key().await?;
    let mut account = open(services, &key, token).await?.ok_or_else(|| {
        ServiceError::conflict(
            "password_link_spent",
            "This link was used already, or is too old. Ask for another one.",
        )
    })?;
    passwords::check("password", &password)?;
    account.password_hash = Some(passwords::hash(services, password).await?);
    for member in memberships::list_of_account(store, account.id).await? {
        let (who, organization) = (Who::Member(member.id.0), member.organization_id);
        let changed = Object::new(ObjectKind::Membership, member.id.0);
        access::record_by(services, organization, who, Action::ChangeAccount, changed).await?;
    }
    let tx = store.begin().await?;
    accounts::update(&tx, &key, &account).await?;
    sessions::remove_of_account(&tx, account.id, None).await?;
    tx.commit().await?;
    Ok(())
}

/// The account of a link that is good.
async fn open(services: &Services, key: &OpenKey, token: &SecretString) -> Result<Option<Account>> {
    let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(token.expose_secret().trim()) else {
        return Ok(None);
    };
    let Some((id, rest)) = bytes.split_first_chunk::<16>() else { return Ok(None) };
    let Some((end, proof)) = rest.split_first_chunk::<8>() else { return Ok(None) };
    let account = accounts::find(services.store(), AccountId(Uuid::from_bytes(*id))).await?;
    let Some(account) = account else { return Ok(None) };
    if !can_sign_in(services, &account).await? {
        return Ok(None);
    }
    let ends = DateTime::from_timestamp_millis(i64::from_be_bytes(*end));
    let is_good: bool = prove(key, &account, *end).ct_eq(proof).into();
    let is_young = ends.is_some_and(|ends| ends > services.store().now());
    Ok(Some(account).filter(|_| is_good && is_young))
}

fn prove(key: &OpenKey, account: &Account, end: [u8; 8]) -> [u8; 32] {
    let password = account.password_hash.as_ref().map_or("", ExposeSecret::expose_secret);
    let said = [account.id.0.as_bytes().as_slice(), &end, password.as_bytes()].concat();
    key.mac(PURPOSE, &said)
}

fn token(key: &OpenKey, account: &Account, ends: DateTime<Utc>) -> String {
    let end = ends.timestamp_millis().to_be_bytes();
    let proof = prove(key, account, end);
    let whole = [account.id.0.as_bytes().as_slice(), &end, &proof].concat();
    BASE64_URL_SAFE_NO_PAD.encode(whole)
}

/// The link of an invitation, to be handed over by whoever invites.
pub(super) async fn invitation_link(
    services: &Services,
    account_id: AccountId,
    ends: DateTime<Utc>,
) -> Result<String> {
    let account = accounts::find(services.store(), account_id).await?;
    link(services, &account.ok_or(ServiceError::NotFound)?, ends).await
}

async fn link(services: &Services, account: &Account, ends: DateTime<Utc>) -> Result<String> {
    let key = services.store().keyring().server_key().await?;
    let token = token(&key, account, ends);
    Ok(format!("{}/password#{token}", services.options().public_url))
}

/// When a link ends; `None` when it would be of no use any more.
async fn end(services: &Services, account: &Account, kind: Kind) -> Result<Option<DateTime<Utc>>> {
    let store = services.store();
    if kind != Kind::Invitation {
        return Ok(Some(store.now() + RESET_LIFE));
    }
    let memberships = memberships::list_of_account(store, account.id).await?;
    let invited_at = memberships.first().and_then(|member| member.invited_at);
    // Meanwhile they have chosen a password.
    Ok(invited_at.filter(|_| account.password_hash.is_none()).map(|at| at + INVITATION_LIFE))
}

/// What the mail with the link says; nothing when it has nothing to say any more.
pub(super) async fn words(
    services: &Services,
    account: &Account,
    kind: Kind,
    language: Language,
) -> Result<Option<Words>> {
    let Some(ends) = end(services, account, kind).await? else { return Ok(None) };
    let link = link(services, account, ends).await?;
    let (subject, text) = match (kind, language) {
        (Kind::Invitation, Language::Nl) => (
            "Uitnodiging voor Loket",
            "U bent uitgenodigd om in Loket klanten te beantwoorden. Kies met deze link binnen 7 dagen een wachtwoord:",
        ),
        (Kind::Invitation, Language::De) => (
            "Einladung zu Loket",
            "Sie sind eingeladen, in Loket Kunden zu antworten. Wählen Sie über diesen Link innerhalb von 7 Tagen ein Passwort:",
        ),
        (Kind::Invitation, Language::En) => (
            "Invitation to Loket",
            "You are invited to answer customers in Loket. Choose a password with this link within 7 days:",
        ),
        (_, Language::Nl) => (
            "Nieuw wachtwoord voor Loket",
            "Kies met deze link binnen een uur een nieuw wachtwoord. Vroeg u hier niet om, dan kunt u dit bericht weggooien: er is niets veranderd.",
        ),
        (_, Language::De) => (
            "Neues Passwort für Loket",
            "Wählen Sie über diesen Link innerhalb einer Stunde ein neues Passwort. Haben Sie nicht darum gebeten, können Sie diese Nachricht löschen: Es hat sich nichts geändert.",
        ),
        (_, Language::En) => (
            "A new password for Loket",
            "Choose a new password with this link within an hour. If you did not ask for it, throw this message away: nothing has changed.",
        ),
    };
    Ok(Some(Words { subject: subject.to_owned(), text: format!("{text}\n\n{link}\n") }))
}
