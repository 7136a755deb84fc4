//! On what somebody signed in, in two words. What a browser says of itself beyond these (versions,
//! models) is not kept: it would tell people apart.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::AppState;

/// A browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BrowserKind {
    /// Mozilla Firefox.
    Firefox,
    /// Microsoft Edge.
    Edge,
    /// Opera.
    Opera,
    /// Samsung Internet.
    Samsung,
    /// Google Chrome, and what says that it is Chrome.
    Chrome,
    /// Apple Safari.
    Safari,
    /// Another one, or a program.
    #[default]
    Other,
}

/// What it runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SystemKind {
    /// Microsoft Windows.
    Windows,
    /// macOS.
    Macos,
    /// An iPhone.
    Iphone,
    /// An iPad.
    Ipad,
    /// Android.
    Android,
    /// `ChromeOS`.
    Chromeos,
    /// Linux.
    Linux,
    /// Something else.
    #[default]
    Other,
}

/// A browser and what it runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The browser.
    pub browser: BrowserKind,
    /// What it runs on.
    pub system: SystemKind,
}

impl Device {
    /// By what the browser says of itself. Most say that they are others too: the first that fits
    /// counts.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        use {BrowserKind as B, SystemKind as S};
        const BROWSERS: &[(&str, B)] = &[
            ("Firefox/", B::Firefox),
            ("FxiOS/", B::Firefox),
            ("Edg", B::Edge),
            ("OPR/", B::Opera),
            ("SamsungBrowser/", B::Samsung),
            ("CriOS/", B::Chrome),
            ("Chrome/", B::Chrome),
            ("Chromium/", B::Chrome),
            ("Safari/", B::Safari),
        ];
        const SYSTEMS: &[(&str, S)] = &[
            ("iPhone", S::Iphone),
            ("iPad", S::Ipad),
            ("Android", S::Android),
            ("CrOS", S::Chromeos),
            ("Windows", S::Windows),
            ("Macintosh", S::Macos),
            ("Linux", S::Linux),
        ];
        let browser = BROWSERS.iter().find(|(word, _)| user_agent.contains(word));
        let system = SYSTEMS.iter().find(|(word, _)| user_agent.contains(word));
        Self {
            browser: browser.map(|(_, kind)| *kind).unwrap_or_default(),
            system: system.map(|(_, kind)| *kind).unwrap_or_default(),
        }
    }
}

impl FromRequestParts<AppState> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        let says = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self::of(says.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::{BrowserKind as B, Device, SystemKind as S};

    #[test]
    fn browsers_that_say_they_are_others_are_told_apart() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let known = [
            (
                "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
                B::Firefox,
                S::Windows,
            ),
            (
                &format!(
                    "Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/140.0 Safari/537.36 Edg/140.0"
                ),
                B::Edge,
                S::Windows,
            ),
            (
                &format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} Chrome/140.0 Safari/537.36"),
                B::Chrome,
                S::Linux,
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 15; Pixel) {webkit} Chrome/140.0 Mobile Safari/537.36"
                ),
                B::Chrome,
                S::Android,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/605.1",
                B::Safari,
                S::Macos,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 CriOS/140.0 Mobile Safari/604.1",
                B::Chrome,
                S::Iphone,
            ),
            ("curl/8.5.0", B::Other, S::Other),
        ];
        for (says, browser, system) in known {
            assert_eq!(Device::of(says), Device { browser, system }, "{says}");
        }
    }
}
