//! Connecting and staying connected at the providers.

use chrono::TimeDelta;
use loket::clock::{Clock as _, SystemClock};
use loket::ids::SystemIds;
use loket::imap::{Options, Session};
use loket::net::Credentials;
use loket::oauth::{OAuth, OAuthError, Pending, ProviderSettings, Refresh, Tokens};
use serde_json::json;
use url::Url;

use crate::support::rig::{Account, CALLBACK, Rig, Shape};

const VENDORS: [Shape; 2] = [Shape::Google, Shape::Microsoft];

fn begin(rig: &Rig, account: &Account, settings: &ProviderSettings) -> (OAuth, Url, Pending) {
    let oauth = OAuth::new(&rig.net()).unwrap();
    let (url, pending) =
        oauth.begin(settings, CALLBACK, Some(&account.address), &SystemIds).unwrap();
    (oauth, url, pending)
}

fn refreshed(refresh: Refresh) -> Tokens {
    match refresh {
        Refresh::Refreshed(tokens) => tokens,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_grant_names_its_mailbox() {
    let rig = Rig::new();
    for shape in VENDORS {
        let account = rig.account(shape).await;
        let grant = rig.grant(&account).await;
        assert_eq!(grant.address, account.address);
        assert!(!grant.subject.is_empty());
        let lifetime = grant.expires_at - SystemClock.now();
        assert!(lifetime > TimeDelta::minutes(50) && lifetime < TimeDelta::hours(2));
    }
}

#[tokio::test]
async fn a_refresh_rotates_at_microsoft_and_the_new_token_opens_the_mailbox() {
    let rig = Rig::new();
    for shape in VENDORS {
        let account = rig.account(shape).await;
        let grant = rig.grant(&account).await;
        let settings = rig.provider(shape);
        let oauth = OAuth::new(&rig.net()).unwrap();
        let tokens = refreshed(oauth.refresh(&settings, &grant.refresh_token, &SystemClock).await);
        assert_eq!(tokens.refresh_token.is_some(), shape == Shape::Microsoft);
        let credentials =
            Credentials::XOAuth2 { user: account.address, token: tokens.access_token };
        Session::connect(&rig.net(), &rig.imap(shape), &credentials, Options::default())
            .await
            .unwrap();
        let next = tokens.refresh_token.unwrap_or(grant.refresh_token);
        refreshed(oauth.refresh(&settings, &next, &SystemClock).await);
    }
}

#[tokio::test]
async fn a_revoked_grant_is_dead() {
    let rig = Rig::new();
    for shape in VENDORS {
        let account = rig.account(shape).await;
        let grant = rig.grant(&account).await;
        rig.control("revoke-user", shape, json!({ "email": account.address })).await;
        let oauth = OAuth::new(&rig.net()).unwrap();
        let refresh = oauth.refresh(&rig.provider(shape), &grant.refresh_token, &SystemClock).await;
        assert!(matches!(&refresh, Refresh::Dead { code, .. } if code == "invalid_grant"));
    }
}

#[tokio::test]
async fn our_own_revocation_ends_the_grant_where_the_vendor_has_one() {
    let rig = Rig::new();
    for shape in VENDORS {
        let account = rig.account(shape).await;
        let grant = rig.grant(&account).await;
        let settings = rig.provider(shape);
        let oauth = OAuth::new(&rig.net()).unwrap();
        let revoked = oauth.revoke(&settings, &grant.refresh_token).await.unwrap();
        assert_eq!(revoked, shape == Shape::Google);
        let refresh = oauth.refresh(&settings, &grant.refresh_token, &SystemClock).await;
        assert_eq!(matches!(refresh, Refresh::Dead { .. }), revoked);
        if revoked {
            assert!(oauth.revoke(&settings, &grant.refresh_token).await.unwrap(), "twice is fine");
        }
    }
}

#[tokio::test]
async fn a_busy_or_broken_provider_is_no_reason_to_give_up() {
    let rig = Rig::new();
    let account = rig.account(Shape::Google).await;
    let grant = rig.grant(&account).await;
    let oauth = OAuth::new(&rig.net()).unwrap();
    let mut settings = rig.provider(Shape::Google);
    // A query of its own keeps the fault away from other tests.
    let mine = account.address.split('@').next().unwrap().to_owned();
    settings.token_url.set_query(Some(&mine));
    for fault in [
        json!({ "status": 503, "body": "<html>busy</html>" }),
        json!({ "status": 429, "error": "slow_down" }),
        json!({ "status": 500, "error": "internal_failure" }),
        json!({ "status": 500, "error": "invalid_grant" }), // the status outweighs the text
        json!({ "status": 400, "body": "<html>a proxy's page</html>" }),
        json!({ "status": 400, "error": "temporarily_unavailable" }),
        json!({ "reset": true }),
    ] {
        let mut rule = fault.clone();
        rule["path"] = format!("/token?{mine}").into();
        rule["count"] = 1.into();
        rig.control("fault", Shape::Google, rule).await;
        let refresh = oauth.refresh(&settings, &grant.refresh_token, &SystemClock).await;
        assert!(matches!(refresh, Refresh::Later { .. }), "{fault} {refresh:?}");
    }
    refreshed(oauth.refresh(&settings, &grant.refresh_token, &SystemClock).await);
    settings.client_secret = "wrong".into();
    let refresh = oauth.refresh(&settings, &grant.refresh_token, &SystemClock).await;
    assert!(matches!(refresh, Refresh::ClientRefused { .. }), "{refresh:?}");
}

#[tokio::test]
async fn consent_without_the_mail_scope_is_told_as_such() {
    let rig = Rig::new();
    for shape in VENDORS {
        let account = rig.account(shape).await;
        let mut settings = rig.provider(shape);
        // Asking for less is what the provider sees when the user unticks the rest.
        settings
            .scopes
            .retain(|scope| !scope.contains("SMTP.Send") && !scope.contains("mail.google"));
        let (oauth, url, pending) = begin(&rig, &account, &settings);
        let back = rig.consent(&url, &account).await;
        let got = oauth.exchange(&settings, &pending, &back["code"], &SystemClock).await;
        let Err(OAuthError::MailScopeMissing { missing }) = got else { panic!("{got:?}") };
        assert_eq!(missing.len(), 1, "{missing:?}");
    }
}

#[tokio::test]
async fn a_code_works_once_and_only_with_its_own_verifier_and_nonce() {
    let rig = Rig::new();
    let account = rig.account(Shape::Google).await;
    let settings = rig.provider(Shape::Google);
    let (oauth, url, pending) = begin(&rig, &account, &settings);
    let (_, _, other) = begin(&rig, &account, &settings);
    let code = rig.consent(&url, &account).await["code"].clone();
    assert!(!other.is_state(pending.state()));
    let stolen = oauth.exchange(&settings, &other, &code, &SystemClock).await;
    assert!(matches!(&stolen, Err(OAuthError::Refused { code }) if code == "invalid_grant"));

    let (_, url, pending) = begin(&rig, &account, &settings);
    let code = rig.consent(&url, &account).await["code"].clone();
    oauth.exchange(&settings, &pending, &code, &SystemClock).await.unwrap();
    let again = oauth.exchange(&settings, &pending, &code, &SystemClock).await;
    assert!(matches!(again, Err(OAuthError::Refused { .. })), "{again:?}");
}
