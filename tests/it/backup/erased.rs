//! A person who was erased stays erased, whichever backup comes back: with others a tombstone tells
//! of them.

use chrono::TimeDelta;
use loket::app::restore::Request;
use loket::domain::words::ErasureState;
use loket::service::erasure::{self, Subject};
use loket::service::{Services, backup};

use super::site::Site;
use crate::support::app::Browser;
use crate::support::db::{On, on_both};
use crate::support::tenant::Tenant;

on_both!(a_backup_from_before_an_erasure_brings_tombstones_back);

fn mail(from: &str, word: &str, answers: Option<&str>) -> Vec<u8> {
    let refers = answers.map(|id| format!("In-Reply-To: <{id}@klant.example>\r\n"));
    format!(
        "From: {from} <{from}@klant.example>\r\nTo: <hulp@kept.example>\r\nSubject: Over {word}\r\n\
         Cc: <bert@klant.example>\r\nMessage-ID: <{word}@klant.example>\r\n{}\
         Date: Mon, 2 Mar 2026 08:30:00 +0000\r\nContent-Type: text/plain\r\n\r\n\
         Dit gaat over {word}.\r\n",
        refers.unwrap_or_default()
    )
    .into_bytes()
}

async fn text(services: &Services, number: i64) -> String {
    let mut browser = Browser::at(services, "owner@kept.example", "kept kept kept").await;
    let answer = browser.get(&format!("/api/v1/tickets/{number}")).await;
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn a_backup_from_before_an_erasure_brings_tombstones_back(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let kept = Tenant::new(&open.services, "kept", "hulp@kept.example").await;
    // Bert's ticket, in which Anna answered, and hers.
    let begun = mail("bert", "huismus", None);
    let begun = String::from_utf8(begun).unwrap().replace("Cc: <bert@", "Cc: <anna@").into_bytes();
    kept.take(&open.services, &[begun]).await;
    site.clock.advance(TimeDelta::minutes(1));
    let mails = [mail("anna", "boskanarie", Some("huismus")), mail("anna", "zeekanarie", None)];
    let report = kept.take(&open.services, &mails).await;
    assert_eq!((report.imported, report.tickets), (2, 1));
    assert!(text(&open.services, 1).await.contains("boskanarie"));
    let data = backup::create(&open.app.services).await.unwrap();
    let keyring = backup::create_keyring(&open.app.services).await.unwrap();
    site.days(1);

    let subject = Subject { addresses: vec!["anna@klant.example".to_owned()], contact_id: None };
    let organization = kept.owner.organization_id;
    let prepared = erasure::prepare(&open.services, organization, &subject).await.unwrap();
    let tx = open.services.store().begin().await.unwrap();
    let id = erasure::begin(&tx, &prepared, None).await.unwrap();
    tx.commit().await.unwrap();
    while erasure::step_once(&open.services, organization, id).await.unwrap()
        != erasure::Progress::Ended
    {}
    let view = erasure::find(&open.services, organization, id).await.unwrap().unwrap();
    assert_eq!((view.state, view.removed), (ErasureState::Done, 2));
    open.close().await;
    site.days(1);

    // First today's keyring, then the old one as well.
    for keyring in [None, Some(keyring.path.clone())] {
        let request =
            Request { from: Some(data.path.clone()), keyring, replace: true, ..Request::default() };
        let report = site.restore(&request).await.unwrap();
        let swept = report.done.replay.swept;
        assert_eq!((swept.tombstones, swept.tickets, swept.contacts), (1, 1, 1), "{swept:?}");
        let open = site.open().await;
        let ticket = text(&open.services, 1).await;
        assert!(ticket.contains("huismus") && !ticket.contains("boskanarie"), "{ticket}");
        let shown: serde_json::Value = serde_json::from_str(&ticket).unwrap();
        assert_eq!(shown["subject"], "Over huismus");
        let erased: Vec<bool> = shown["messages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["kind"] == "inbound")
            .map(|one| !one["erased_at"].is_null())
            .collect();
        assert_eq!(erased, [false, true]);
        assert!(!text(&open.services, 2).await.contains("zeekanarie"));
        // The provider hands her mail out again.
        let again = kept.take(&open.services, &mails).await;
        assert_eq!((again.imported, again.tickets), (0, 0), "{again:?}");
        open.close().await;
    }
}
