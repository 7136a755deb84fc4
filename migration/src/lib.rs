//! Schema migrations. `Migrator` is for the data database; `AuditMigrator` for the audit log,
//! which on `SQLite` is a file of its own and on `PostgreSQL` lives beside the data.
//!
//! The statements are written once, in the SQL that both backends understand; `{uuid}` and
//! `{bytes}` stand for the two types that have different names. To change the schema, add a
//! file `m0004_….rs`, list it here, and classify each new column in `store::columns`.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the signature of MigrationTrait, whose macro elides them"
)]

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod dialect;
mod m0001_audit;
mod m0001_data;
mod m0002_forgetting;
mod m0003_retention;
mod m0010_register;
mod m0011_requests;
mod m0012_exports;
mod m0013_erasure;
mod m0014_closing;
mod m0015_rotation;
mod m0016_policies;
mod m0020_acts;
mod m0021_composer;
mod m0022_views;
mod m0023_contacts;
mod m0024_acknowledgement;
mod m0025_profile;
mod m0026_presence;
mod m0027_versions;
mod m0030_search;

/// Migrations of the data database.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_data::Migration),
            Box::new(m0002_forgetting::Migration),
            Box::new(m0003_retention::Migration),
            Box::new(m0010_register::Migration),
            Box::new(m0011_requests::Migration),
            Box::new(m0012_exports::Migration),
            Box::new(m0013_erasure::Migration),
            Box::new(m0014_closing::Migration),
            Box::new(m0015_rotation::Migration),
            Box::new(m0016_policies::Migration),
            Box::new(m0020_acts::Migration),
            Box::new(m0021_composer::Migration),
            Box::new(m0022_views::Migration),
            Box::new(m0023_contacts::Migration),
            Box::new(m0024_acknowledgement::Migration),
            Box::new(m0025_profile::Migration),
            Box::new(m0026_presence::Migration),
            Box::new(m0027_versions::Migration),
            Box::new(m0030_search::Migration),
        ]
    }
}

/// Migrations of the audit log.
#[derive(Debug)]
pub struct AuditMigrator;

#[async_trait::async_trait]
impl MigratorTrait for AuditMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_audit::Migration)]
    }

    fn migration_table_name() -> DynIden {
        Alias::new("audit_migration").into_iden()
    }
}
