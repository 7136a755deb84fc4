//! Loket's own mail, through the rig's Postfix.

use loket::domain::words::Role;
use loket::imap::{Options, Session};
use loket::service::users::{self, NewUser};
use secrecy::SecretString;
use serde_json::json;

use crate::support::rig::{Account, Rig, Shape};
use crate::support::server::{PATIENCE, Server};

/// An admin whose mail can be read.
async fn admin(rig: &Rig, server: &Server, locale: &str) -> Account {
    let account = rig.account(Shape::Plain).await;
    let store = server.services.store();
    let organization = loket::store::organizations::list(store).await.unwrap()[0].id;
    let new = NewUser {
        name: "Bea".to_owned(),
        email: account.address.clone(),
        role: Role::Admin,
        password: SecretString::from("correct horse battery"),
    };
    users::create(&server.services, organization, new).await.unwrap();
    let mut found =
        loket::store::accounts::find_by_email(store, &account.address).await.unwrap().unwrap();
    locale.clone_into(&mut found.locale);
    let key = store.keyring().server_key().await.unwrap();
    let tx = store.begin().await.unwrap();
    loket::store::accounts::update(&tx, &key, &found).await.unwrap();
    tx.commit().await.unwrap();
    account
}

async fn first_mail(rig: &Rig, account: &Account) -> String {
    let endpoint = rig.imap(Shape::Plain);
    let options = Options::default();
    let connected = Session::connect(&rig.net(), &endpoint, &account.password(), options).await;
    let mut session = connected.unwrap();
    let got = tokio::time::timeout(PATIENCE, async {
        while session.examine("INBOX").await.unwrap().exists == 0 {
            session.idle(PATIENCE).await.unwrap();
        }
        session.fetch_batch(&[1], 1 << 20).await.unwrap()
    });
    let batch = got.await.expect("the alarm arrives");
    String::from_utf8(batch.mails[0].raw.to_vec()).unwrap()
}

/// Takes a Google mailbox's grant away.
async fn break_a_mailbox(rig: &Rig, server: &mut Server) -> Account {
    let mailbox = rig.account(Shape::Google).await;
    server.connect(rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    rig.control("revoke-user", Shape::Google, json!({ "email": mailbox.address })).await;
    server.sync(&mailbox.address).await;
    let dead =
        server.until_mailbox(&mailbox.address, |m| m["state"] == "needs_reauthorization").await;
    assert_eq!(dead["error"]["code"], "invalid_grant");
    mailbox
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn admins_are_told_at_once_that_a_mailbox_needs_a_sign_in() {
    let rig = Rig::new();
    let sender = rig.account(Shape::Plain).await;
    let mut server = Server::start_with(&rig, |config| {
        let smtp = rig.smtp();
        config.smtp.host = Some(smtp.host);
        config.smtp.port = smtp.port;
        config.smtp.user_name = Some(sender.address.clone());
        config.smtp.password = Some("test-pw".into());
        config.smtp.from = Some(sender.address.clone());
    })
    .await;
    let english = admin(&rig, &server, "en").await;
    let dutch = admin(&rig, &server, "nl").await;
    let mailbox = break_a_mailbox(&rig, &mut server).await;
    let told = first_mail(&rig, &english).await;
    assert!(told.contains("Subject: Loket: 1 mailbox needs a new sign-in"), "{told}");
    assert!(told.contains("Auto-Submitted: auto-generated"), "{told}");
    assert!(told.contains("/settings/mailboxes"), "{told}");
    assert!(!told.contains(&mailbox.address), "{told}");
    let told = first_mail(&rig, &dutch).await;
    assert!(told.contains("Subject: Loket: 1 mailbox vraagt om opnieuw aan te melden"), "{told}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_server_a_chosen_mailbox_tells() {
    let rig = Rig::new();
    let chosen = rig.account(Shape::Plain).await;
    let address = chosen.address.clone();
    let mut server = Server::start_with(&rig, |config| config.smtp.mailbox = Some(address)).await;
    server.connect(&rig, &chosen).await;
    let admin = admin(&rig, &server, "en").await;
    break_a_mailbox(&rig, &mut server).await;
    let told = first_mail(&rig, &admin).await;
    assert!(told.contains(&format!("From: Loket <{}>", chosen.address)), "{told}");
    assert!(told.contains("1 mailbox needs a new sign-in"), "{told}");
    server.stop().await;
}
