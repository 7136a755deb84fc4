//! Every route, and what each kind of person gets of it.

use loket::audit::Action;
use serde_json::{Value, json};

/// What somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gets {
    /// Let in: anything but 401, 403 and, for a thing that is there, 404.
    In,
    /// 401.
    SignIn,
    /// 403.
    No,
    /// 404: they may not know of it.
    Nothing,
}
use Gets::{In, No, Nothing, SignIn};

/// Method, path, body, and what is given to: nobody, a member of another organization (an
/// owner there), then the roles in the organization: an admin and an agent who belong to the
/// mailbox, an admin and an agent who do not, and an auditor. Then what the audit log says of it
/// once it is done; [`SILENT`] reads no mail and changes nothing that is logged.
pub(super) type Row = (&'static str, &'static str, fn() -> Value, [Gets; 7], Option<Action>);

const SILENT: Option<Action> = None;

const ANYBODY: [Gets; 7] = [In; 7];
const SIGNED_IN: [Gets; 7] = [SignIn, In, In, In, In, In, In];
/// What is kept of deletions: an auditor reads it too.
const MANAGERS_AND_AUDITORS: [Gets; 7] = [SignIn, In, In, No, In, No, In];
const RETENTION_SEEN: [Gets; 7] = [SignIn, Nothing, In, No, In, No, In];
const MANAGERS: [Gets; 7] = [SignIn, In, In, No, In, No, No];
/// A mailbox or a user: managers reach it even when they do not belong to it, but not its mail.
const MAILBOX_MANAGERS: [Gets; 7] = [SignIn, Nothing, In, No, In, No, No];
const MAILBOX_SEEN: [Gets; 7] = [SignIn, Nothing, In, In, In, Nothing, In];

/// What is for owners alone; the stranger is one where they come from.
const OWNERS: [Gets; 7] = [SignIn, In, In, No, No, No, No];

const READERS: [Gets; 7] = [SignIn, In, In, In, In, In, No];
/// A ticket and its messages: for who belongs to the mailbox. Being an admin opens no mail.
const MEMBERS: [Gets; 7] = [SignIn, Nothing, In, In, Nothing, Nothing, No];
/// A view that the manager inside shares.
const VIEW_CHANGERS: [Gets; 7] = [SignIn, Nothing, In, No, In, No, No];
const QUARANTINE: [Gets; 7] = [SignIn, Nothing, In, No, Nothing, No, No];
/// A file that the manager inside has uploaded and not sent.
const ONES_OWN: [Gets; 7] = [SignIn, Nothing, In, Nothing, Nothing, Nothing, No];
/// Deleting tickets for good: for managers who belong to the mailbox.
const DELETERS: [Gets; 7] = [SignIn, Nothing, In, No, Nothing, No, No];
/// There is none yet.
const UNDONE: [Gets; 7] = [SignIn, Nothing, Nothing, Nothing, Nothing, Nothing, No];
/// There is none with this id.
const NOBODYS: [Gets; 7] = [SignIn, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing];
/// For whoever brings a token: see `health` below.
const WATCHERS: [Gets; 7] = [Nothing; 7];

fn customer() -> Value {
    json!({ "address": "customer@example.net" })
}

fn nothing_asked() -> Value {
    json!({ "q": "" })
}

fn bread() -> Value {
    json!({ "q": "bread" })
}

fn note() -> Value {
    json!({ "text": "Look at this." })
}

pub(super) fn reply() -> Value {
    let to = [customer()];
    json!({ "mode": "reply", "to": to, "text": "It is on its way.", "seen_version": 1_000 })
}

/// Refused for the mailbox, after the question who asks.
fn no_mailbox() -> Value {
    let mailbox = "00000000-0000-7000-8000-000000000000";
    json!({ "mailbox_id": mailbox, "to": [customer()], "subject": "Bread", "text": "Hello." })
}

fn contact() -> Value {
    json!({ "name": "Customer", "facts": [] })
}

fn block() -> Value {
    json!({ "blocked": true })
}

fn merge() -> Value {
    json!({ "into": "0192b000-0000-7000-8000-000000000099" })
}

pub(super) fn view() -> Value {
    json!({ "name": "Everything", "filter": {}, "shared": true })
}

fn forgotten() -> Value {
    json!({ "email": "nobody@bakery.example" })
}

fn into_itself() -> Value {
    json!({ "into": 1 })
}

/// Nobody's.
fn same_mailbox() -> Value {
    json!({ "mailbox_id": "00000000-0000-0000-0000-000000000001" })
}

fn urgent() -> Value {
    json!({ "numbers": [1], "change": { "priority": "urgent" } })
}

fn no_tag() -> Value {
    json!({ "name": " ", "color": "red" })
}

fn no_team() -> Value {
    json!({ "name": " " })
}

fn spent() -> Value {
    json!({ "token": "spent", "password": "a new password" })
}

fn none() -> Value {
    json!({})
}

pub(super) const MATRIX: &[Row] = &[
    ("get", "/api/v1/setup", none, ANYBODY, SILENT),
    ("post", "/api/v1/setup", none, ANYBODY, SILENT),
    ("post", "/api/v1/password/links", forgotten, ANYBODY, SILENT),
    ("put", "/api/v1/password", spent, ANYBODY, SILENT),
    ("get", "/api/v1/session", none, SIGNED_IN, SILENT),
    ("delete", "/api/v1/session", none, ANYBODY, SILENT),
    ("patch", "/api/v1/profile", none, SIGNED_IN, Some(Action::ChangeAccount)),
    ("put", "/api/v1/profile/preferences", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/profile/sessions", none, SIGNED_IN, SILENT),
    ("delete", "/api/v1/profile/sessions", none, SIGNED_IN, Some(Action::SignOut)),
    ("delete", "/api/v1/profile/sessions/{id}", none, NOBODYS, SILENT),
    ("put", "/api/v1/profile/photo", none, SIGNED_IN, SILENT),
    ("delete", "/api/v1/profile/photo", none, SIGNED_IN, Some(Action::ChangeAccount)),
    ("get", "/api/v1/views", none, READERS, SILENT),
    ("get", "/api/v1/views/counts", none, READERS, SILENT),
    ("post", "/api/v1/views", view, READERS, Some(Action::ChangeView)),
    ("put", "/api/v1/views/{id}", view, VIEW_CHANGERS, Some(Action::ChangeView)),
    ("delete", "/api/v1/views/{id}", none, VIEW_CHANGERS, Some(Action::ChangeView)),
    ("get", "/api/v1/contacts", none, READERS, Some(Action::ListContacts)),
    ("get", "/api/v1/contacts/{id}", none, MEMBERS, Some(Action::ReadContact)),
    ("put", "/api/v1/contacts/{id}", contact, MEMBERS, Some(Action::ChangeContact)),
    ("put", "/api/v1/contacts/{id}/block", block, MEMBERS, Some(Action::BlockContact)),
    // The other one is not there.
    ("post", "/api/v1/contacts/{id}/merge", merge, MEMBERS, SILENT),
    ("put", "/api/v1/profile/settings", none, SIGNED_IN, Some(Action::ChangeAccount)),
    ("get", "/api/v1/profile/settings", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/notices", none, READERS, SILENT),
    ("post", "/api/v1/notices/read", none, READERS, SILENT),
    ("get", "/api/v1/users", none, SIGNED_IN, SILENT),
    ("post", "/api/v1/users", colleague, MANAGERS, Some(Action::Invite)),
    ("patch", "/api/v1/users/{id}", auditor, MAILBOX_MANAGERS, Some(Action::ChangeMembership)),
    ("post", "/api/v1/users/{id}/invitation", none, MAILBOX_MANAGERS, Some(Action::Invite)),
    ("get", "/api/v1/users/{id}/photo", none, NOBODYS, SILENT),
    ("get", "/api/v1/users/{id}/tickets/count", none, MAILBOX_MANAGERS, SILENT),
    ("get", "/api/v1/organization", none, SIGNED_IN, SILENT),
    ("patch", "/api/v1/organization", none, MANAGERS, Some(Action::ChangeSettings)),
    ("get", "/api/v1/mailboxes", none, SIGNED_IN, SILENT),
    ("post", "/api/v1/mailboxes", new_mailbox, MANAGERS, SILENT),
    ("post", "/api/v1/mailboxes/test", new_mailbox, MANAGERS, SILENT),
    ("patch", "/api/v1/mailboxes/{id}", none, MAILBOX_MANAGERS, Some(Action::ChangeMailbox)),
    ("put", "/api/v1/mailboxes/{id}/members", everybody_stays, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/mailboxes/{id}/sync", none, MAILBOX_SEEN, SILENT),
    ("post", "/api/v1/mailboxes/connect", google, MANAGERS, SILENT),
    ("get", "/api/v1/providers/{provider}", none, MANAGERS, SILENT),
    ("put", "/api/v1/providers/{provider}", client, MANAGERS, SILENT),
    ("get", "/api/v1/quarantine", none, MANAGERS, SILENT),
    ("get", "/api/v1/quarantine/{id}/original", none, QUARANTINE, Some(Action::ReadQuarantined)),
    ("post", "/api/v1/quarantine/{id}/retry", none, QUARANTINE, SILENT),
    ("get", "/api/v1/tickets", none, READERS, Some(Action::ListTickets)),
    ("post", "/api/v1/search", nothing_asked, READERS, Some(Action::Search)),
    ("post", "/api/v1/tickets/{number}/search", bread, MEMBERS, Some(Action::Search)),
    ("post", "/api/v1/tickets", no_mailbox, READERS, SILENT),
    ("put", "/api/v1/letter", none, READERS, SILENT),
    ("get", "/api/v1/letter", none, READERS, Some(Action::ReadDraft)),
    ("delete", "/api/v1/letter", none, READERS, SILENT),
    ("get", "/api/v1/presence", none, READERS, SILENT),
    ("post", "/api/v1/tickets/{number}/presence", none, MEMBERS, SILENT),
    ("get", "/api/v1/saved-replies", none, READERS, SILENT),
    ("post", "/api/v1/saved-replies", none, READERS, SILENT),
    // There is none; `saved_replies` changes and removes some.
    ("put", "/api/v1/saved-replies/{id}", none, NO_REPLY, SILENT),
    ("delete", "/api/v1/saved-replies/{id}", none, NO_REPLY, SILENT),
    ("get", "/api/v1/tickets/counts", none, READERS, SILENT),
    ("get", "/api/v1/tickets/{number}", none, MEMBERS, Some(Action::ReadTicket)),
    ("patch", "/api/v1/tickets/{number}", none, MEMBERS, Some(Action::ChangeTicket)),
    ("post", "/api/v1/tickets/{number}/read", none, MEMBERS, SILENT),
    ("put", "/api/v1/tickets/{number}/customer", customer, MEMBERS, Some(Action::ChangeTicket)),
    // It is related to no other.
    ("post", "/api/v1/tickets/{number}/attach", none, MEMBERS, SILENT),
    // There is one ticket: it goes up in no other.
    ("post", "/api/v1/tickets/{number}/merge", into_itself, MEMBERS, SILENT),
    // It is there already.
    ("post", "/api/v1/tickets/{number}/move", same_mailbox, MEMBERS, SILENT),
    // It is in no trash, and its only message is not split from it.
    ("post", "/api/v1/tickets/{number}/restore", none, MEMBERS, SILENT),
    ("post", "/api/v1/messages/{id}/split", none, MEMBERS, SILENT),
    ("put", "/api/v1/tickets/{number}/followers/me", none, MEMBERS, SILENT),
    ("delete", "/api/v1/tickets/{number}/followers/me", none, MEMBERS, SILENT),
    // There is no such colleague: `marks` adds one.
    ("put", "/api/v1/tickets/{number}/followers/{id}", none, MEMBERS, SILENT),
    ("delete", "/api/v1/tickets/{number}/followers/{id}", none, MEMBERS, SILENT),
    ("post", "/api/v1/tickets/bulk", urgent, READERS, Some(Action::ChangeTicket)),
    // Nobody has done anything yet; `acts` undoes some.
    ("post", "/api/v1/acts/{id}/undo", none, UNDONE, SILENT),
    ("get", "/api/v1/tags", none, READERS, SILENT),
    ("post", "/api/v1/tags", no_tag, MANAGERS, SILENT),
    ("patch", "/api/v1/tags/{id}", none, MAILBOX_MANAGERS, Some(Action::ChangeTag)),
    ("delete", "/api/v1/tags/{id}", none, MAILBOX_MANAGERS, Some(Action::ChangeTag)),
    ("get", "/api/v1/teams", none, SIGNED_IN, SILENT),
    ("post", "/api/v1/teams", no_team, MANAGERS, SILENT),
    ("patch", "/api/v1/teams/{id}", none, MAILBOX_MANAGERS, Some(Action::ChangeTeam)),
    ("delete", "/api/v1/teams/{id}", none, MAILBOX_MANAGERS, Some(Action::ChangeTeam)),
    ("post", "/api/v1/tickets/{number}/notes", note, MEMBERS, Some(Action::ReadMessage)),
    ("put", "/api/v1/tickets/{number}/draft", none, MEMBERS, SILENT),
    ("get", "/api/v1/tickets/{number}/draft", none, MEMBERS, Some(Action::ReadDraft)),
    ("delete", "/api/v1/tickets/{number}/draft", none, MEMBERS, SILENT),
    ("post", "/api/v1/tickets/{number}/replies", reply, MEMBERS, Some(Action::ReadMessage)),
    ("get", "/api/v1/messages/{id}", none, MEMBERS, Some(Action::ReadMessage)),
    ("get", "/api/v1/messages/{id}/html", none, MEMBERS, Some(Action::ReadMessage)),
    ("get", "/api/v1/messages/{id}/original", none, MEMBERS, Some(Action::ReadOriginal)),
    ("get", "/api/v1/messages/{id}/attachments", none, MEMBERS, Some(Action::ReadAttachment)),
    (
        "get",
        "/api/v1/messages/{id}/attachments/{attachment_id}",
        none,
        MEMBERS,
        Some(Action::ReadAttachment),
    ),
    ("get", "/api/v1/messages/{id}/images", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/cancel", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/retry", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/sent", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/confirm", none, MEMBERS, Some(Action::ReadMessage)),
    // Without a form it is refused for that; who may upload is asked with the form at hand.
    ("post", "/api/v1/uploads", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/uploads/{id}", none, ONES_OWN, Some(Action::ReadAttachment)),
    ("get", "/api/v1/events", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/openapi.json", none, ANYBODY, SILENT),
    ("get", "/oauth/callback", none, ANYBODY, SILENT),
    ("get", "/healthz", none, ANYBODY, SILENT),
    ("get", "/readyz", none, ANYBODY, SILENT),
    ("get", "/metrics", none, WATCHERS, SILENT),
    ("get", "/api/v1/mailboxes/{id}/retention", none, RETENTION_SEEN, SILENT),
    (
        "put",
        "/api/v1/mailboxes/{id}/retention",
        rule,
        MAILBOX_MANAGERS,
        Some(Action::ChangeRetention),
    ),
    (
        "post",
        "/api/v1/mailboxes/{id}/retention/confirmation",
        none,
        MAILBOX_MANAGERS,
        Some(Action::ChangeRetention),
    ),
    // It is at another version by now; `acts` deletes one.
    ("post", "/api/v1/tickets/{number}/deletion", none, DELETERS, SILENT),
    ("put", "/api/v1/tickets/{number}/exemption", why, MEMBERS, Some(Action::ExemptTicket)),
    ("delete", "/api/v1/tickets/{number}/exemption", none, MEMBERS, Some(Action::ExemptTicket)),
    ("get", "/api/v1/holds", none, MANAGERS_AND_AUDITORS, Some(Action::ReadHolds)),
    // Without a reason it is refused, after the question who asks.
    ("post", "/api/v1/holds", no_reason, MANAGERS, SILENT),
    (
        "post",
        "/api/v1/holds/{id}/end",
        none,
        [SignIn, Nothing, Nothing, No, Nothing, No, No],
        SILENT,
    ),
    ("get", "/.well-known/loket-statement-keys.json", none, ANYBODY, SILENT),
    ("post", "/api/v1/mailboxes/{id}/keep", none, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/mailboxes/{id}/farewell", no_text, MAILBOX_MANAGERS, SILENT),
    (
        "get",
        "/api/v1/mailboxes/{id}/disconnection",
        none,
        MAILBOX_MANAGERS,
        Some(Action::ListTickets),
    ),
    ("get", "/api/v1/mailboxes/{id}/exports", none, MAILBOX_MANAGERS, SILENT),
    // All of its mail: for managers who belong to it. What was made is for who made it.
    ("post", "/api/v1/mailboxes/{id}/exports", own_password, QUARANTINE, Some(Action::OrderExport)),
    ("get", "/api/v1/exports/{id}/file", none, QUARANTINE, Some(Action::Export)),
    ("delete", "/api/v1/exports/{id}", none, QUARANTINE, Some(Action::RemoveExport)),
    // The mailbox is disconnected from here on, by the first who may.
    (
        "post",
        "/api/v1/mailboxes/{id}/disconnection",
        none,
        [SignIn, Nothing, In, No, Nothing, No, No],
        Some(Action::DisconnectMailbox),
    ),
    ("get", "/api/v1/purges", none, MANAGERS_AND_AUDITORS, SILENT),
    ("post", "/api/v1/purges/{id}/haste", haste, MAILBOX_MANAGERS, SILENT),
    // And connected again.
    (
        "post",
        "/api/v1/mailboxes/{id}/reconnection",
        none,
        [SignIn, Nothing, In, No, Nothing, No, No],
        Some(Action::ConnectMailbox),
    ),
    ("get", "/api/v1/statements", none, MANAGERS_AND_AUDITORS, Some(Action::ReadStatement)),
    // There is none yet; `forgetting` reads one.
    (
        "get",
        "/api/v1/statements/{id}",
        none,
        [SignIn, Nothing, Nothing, No, Nothing, No, Nothing],
        SILENT,
    ),
    ("get", "/api/v1/organization/closing", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/organization/closing/preview", none, OWNERS, SILENT),
    ("get", "/api/v1/organization/exports", none, OWNERS, SILENT),
    ("post", "/api/v1/organization/exports", own_password, OWNERS, Some(Action::OrderExport)),
    ("post", "/api/v1/organization/closing", closing, OWNERS, SILENT),
    ("post", "/api/v1/organization/closing/confirmation", no_token, OWNERS, SILENT),
    ("delete", "/api/v1/organization/closing", none, OWNERS, SILENT),
    // There is none; `forgetting` reads one.
    ("get", "/api/v1/closed/{id}", none, [Nothing; 7], SILENT),
    ("get", "/api/v1/incidents/package", none, MANAGERS, Some(Action::ReadIncident)),
    ("get", "/api/v1/register", none, MANAGERS_AND_AUDITORS, Some(Action::ReadRegister)),
    (
        "put",
        "/api/v1/register/hosts/{host}",
        nothing_known,
        [SignIn, In, In, No, No, No, No],
        Some(Action::ChangeRegister),
    ),
    ("post", "/api/v1/register/disclosures", disclosure, MANAGERS, Some(Action::RecordDisclosure)),
    ("get", "/api/v1/policies", none, SIGNED_IN, SILENT),
    // What is wrong with it is told to whoever may publish.
    ("post", "/api/v1/policies", no_policy, [SignIn, In, In, No, No, No, No], SILENT),
    // There is none; `policies` reads and acknowledges some.
    ("get", "/api/v1/policies/{id}", none, NOBODY_YET, SILENT),
    ("post", "/api/v1/policies/{id}/acknowledgement", none, NOBODY_YET, SILENT),
    ("get", "/api/v1/data-requests", none, MANAGERS, Some(Action::ReadRequests)),
    ("post", "/api/v1/data-requests", by_address, MANAGERS, Some(Action::OpenRequest)),
    ("post", "/api/v1/data-requests/person", customer, MANAGERS, Some(Action::LookUpPerson)),
    ("get", "/api/v1/data-requests/{id}", none, MAILBOX_MANAGERS, Some(Action::ReadRequests)),
    ("patch", "/api/v1/data-requests/{id}", no_handler, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/data-requests/{id}/code", none, MAILBOX_MANAGERS, Some(Action::AskIdentity)),
    // No code was mailed that anybody here could know.
    ("post", "/api/v1/data-requests/{id}/identity", guess, MAILBOX_MANAGERS, SILENT),
    (
        "post",
        "/api/v1/data-requests/{id}/extension",
        longer,
        MAILBOX_MANAGERS,
        Some(Action::ChangeRequest),
    ),
    (
        "post",
        "/api/v1/data-requests/{id}/replies",
        letter,
        MAILBOX_MANAGERS,
        Some(Action::ReplyToRequest),
    ),
    (
        "get",
        "/api/v1/data-requests/{id}/templates",
        none,
        MAILBOX_MANAGERS,
        Some(Action::ReadRequests),
    ),
    (
        "post",
        "/api/v1/data-requests/{id}/refusal",
        why,
        MAILBOX_MANAGERS,
        Some(Action::RefuseRequest),
    ),
    ("post", "/api/v1/data-requests/{id}/completion", none, MAILBOX_MANAGERS, SILENT),
    (
        "post",
        "/api/v1/data-requests/{id}/withdrawal",
        none,
        MAILBOX_MANAGERS,
        Some(Action::CloseRequest),
    ),
    ("put", "/api/v1/data-requests/{id}/rectification", none, MAILBOX_MANAGERS, SILENT),
    ("put", "/api/v1/data-requests/{id}/restriction", nobody_named, MAILBOX_MANAGERS, SILENT),
    (
        "post",
        "/api/v1/data-requests/{id}/restriction/announcement",
        at_last,
        MAILBOX_MANAGERS,
        SILENT,
    ),
    ("delete", "/api/v1/data-requests/{id}/restriction", none, MAILBOX_MANAGERS, SILENT),
    ("put", "/api/v1/data-requests/{id}/mark", none, MAILBOX_MANAGERS, SILENT),
    ("delete", "/api/v1/data-requests/{id}/mark", none, MAILBOX_MANAGERS, SILENT),
    // Of who has not shown who they are, nothing is read or handed out.
    ("get", "/api/v1/data-requests/{id}/items", none, MAILBOX_MANAGERS, SILENT),
    ("put", "/api/v1/data-requests/{id}/items/{message_id}", none, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/data-requests/{id}/parcel", none, MAILBOX_MANAGERS, SILENT),
    ("get", "/api/v1/data-requests/{id}/erasure", none, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/data-requests/{id}/erasure", none, MAILBOX_MANAGERS, SILENT),
    (
        "get",
        "/api/v1/data-requests/{id}/copies",
        none,
        [SignIn, Nothing, Nothing, No, Nothing, No, No],
        SILENT,
    ),
    ("post", "/api/v1/request-links/parcel", no_link, ANYBODY, SILENT),
    ("get", "/api/v1/request-links/parcel/file", none, ANYBODY, SILENT),
    ("get", "/api/v1/authority", none, MANAGERS, SILENT),
    ("put", "/api/v1/authority", authority, MANAGERS, Some(Action::ChangeSettings)),
    ("post", "/api/v1/request-links/look", no_link, ANYBODY, SILENT),
    ("post", "/api/v1/request-links/code", no_link, ANYBODY, SILENT),
    ("post", "/api/v1/request-links/confirmation", no_link, ANYBODY, SILENT),
];

/// Nothing is there.
const NOBODY_YET: [Gets; 7] = [SignIn, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing];

/// Nothing is there for those who answer.
const NO_REPLY: [Gets; 7] = [SignIn, Nothing, Nothing, Nothing, Nothing, Nothing, No];

fn no_policy() -> Value {
    json!({ "kind": "terms", "title": "", "text": "" })
}

pub(super) fn by_address() -> Value {
    json!({ "kind": "access", "address": "customer@example.net" })
}

fn no_handler() -> Value {
    json!({ "handler_id": "00000000-0000-7000-8000-000000000000" })
}

fn guess() -> Value {
    json!({ "code": "00000000" })
}

fn longer() -> Value {
    json!({ "months": 1, "reason": "Much mail." })
}

fn letter() -> Value {
    json!({ "subject": "Your request", "text": "We look into it." })
}

fn nobody_named() -> Value {
    json!({ "people": [] })
}

fn at_last() -> Value {
    json!({ "at": "2030-01-01T00:00:00Z" })
}

fn authority() -> Value {
    json!({ "name": "CNIL", "address": "Paris" })
}

fn no_link() -> Value {
    json!({ "token": "none", "code": "00000000" })
}

/// Refused for the name, after the question who asks.
fn closing() -> Value {
    json!({ "name": "another", "password": crate::support::app::PASSWORD })
}

fn no_token() -> Value {
    json!({ "token": "" })
}

fn rule() -> Value {
    json!({
        "months": 24, "then": "delete", "spam_days": 30, "trash_days": 30, "quarantine_days": 90,
    })
}

fn own_password() -> Value {
    json!({ "password": crate::support::app::PASSWORD })
}

fn why() -> Value {
    json!({ "reason": "A warranty of three years." })
}

fn no_reason() -> Value {
    json!({ "kind": "organization", "reason": "", "review_at": "2030-01-01T00:00:00Z", "people": [] })
}

fn nothing_known() -> Value {
    json!({})
}

fn disclosure() -> Value {
    json!({
        "date": "2026-03-01",
        "authority": "Police",
        "legal_basis": "Order",
        "what": "A name",
        "decided_by": "The owner",
    })
}

fn no_text() -> Value {
    json!({ "text": "" })
}

/// Refused for the password, after the question who asks.
fn haste() -> Value {
    json!({ "address": "support@bakery.example", "password": "a wrong one" })
}

fn colleague() -> Value {
    json!({ "name": "Bea", "email": "bea@bakery.example", "role": "agent" })
}

fn auditor() -> Value {
    json!({ "role": "auditor" })
}

fn new_mailbox() -> Value {
    json!({ "provider": "imap", "address": "x", "display_name": "x" })
}

/// Refused for what it says, after the question who asks.
fn everybody_stays() -> Value {
    json!({ "membership_ids": ["00000000-0000-7000-8000-000000000000"] })
}

fn google() -> Value {
    json!({ "provider": "google" })
}

fn client() -> Value {
    json!({ "client_id": "" })
}
