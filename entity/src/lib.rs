//! `SeaORM` entities: plain data, no logic. One file per table; `store` is the only importer.

use sea_orm::DeriveValueType;

pub mod account;
pub mod account_photo;
pub mod act;
pub mod act_ticket;
pub mod attachment;
pub mod audit_entry;
pub mod channel;
pub mod channel_member;
pub mod closing;
pub mod contact;
pub mod contact_identity;
pub mod data_request;
pub mod data_request_event;
pub mod data_request_mail;
pub mod data_request_withheld;
pub mod deletion_statement;
pub mod disclosure;
pub mod draft;
pub mod erased_mail;
pub mod erasure;
pub mod erasure_ticket;
pub mod event;
pub mod folder;
pub mod follower;
pub mod forget_entry;
pub mod hold;
pub mod hold_person;
pub mod idempotency_key;
pub mod incident_notice;
pub mod job;
pub mod ledger;
pub mod letter;
pub mod mailbox;
pub mod member_setting;
pub mod membership;
pub mod mention;
pub mod message;
pub mod message_reference;
pub mod note_mention;
pub mod notice;
pub mod organization;
pub mod organization_counter;
pub mod outbox;
pub mod parcel;
pub mod participant;
pub mod person_mark;
pub mod policy_reading;
pub mod policy_text;
pub mod preference;
pub mod provider_client;
pub mod purge;
pub mod raw_message;
pub mod register_host;
pub mod restriction_reader;
pub mod retention;
pub mod retention_run;
pub mod rotation;
pub mod saved_reply;
pub mod saved_view;
pub mod search_feed;
pub mod search_index;
pub mod server_meta;
pub mod session;
pub mod setting;
pub mod tag;
pub mod team;
pub mod team_member;
pub mod ticket;
pub mod ticket_seen;
pub mod ticket_tag;

/// Milliseconds since 1970-01-01 UTC: the one form of time in the database, so that both
/// backends sort and compare it alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, DeriveValueType)]
pub struct UnixMillis(pub i64);
