//! Fetches a picture that a mail names, so that the reader's browser does not have to: the sender
//! learns neither the reader's address nor the browser, and cannot make us reach internal machines.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, LOCATION, USER_AGENT};
use url::{Host, Url};

use super::{Guard, Net, NetError, dial, read_capped};

/// Larger pictures are not for reading mail.
const MAX_BYTES: usize = 5 << 20;
/// For the whole fetch, redirects included: a reader waits for it.
const TOTAL: Duration = Duration::from_secs(10);
/// Newsletters' counting links redirect once or twice.
const MAX_REDIRECTS: usize = 3;

/// A picture, its type told by its first bytes (never by what the server claims).
#[derive(Debug, Clone)]
pub struct RemoteImage {
    pub content_type: &'static str,
    pub bytes: Bytes,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    #[error("the address is not an http or https address that may be fetched")]
    Url,
    #[error("the picture's server could not be reached")]
    Net(#[from] NetError),
    #[error("the picture's server did not answer properly")]
    Http(#[source] reqwest::Error),
    #[error("the picture's server answered {0}")]
    Status(u16),
    #[error("too many redirects")]
    Redirects,
    #[error("the picture is larger than 5 MiB")]
    TooLarge,
    #[error("this is not a picture of a known kind")]
    NotAnImage,
}

/// What may be fetched. Tests loosen it to reach a server of their own.
#[derive(Clone, Copy)]
struct Rules {
    guard: Guard,
    any_port: bool,
}

impl Net {
    /// Fetches a remote image: public addresses only (checked after resolving, and the checked address
    /// is the one that is dialled), ports 80 and 443, at most 5 MiB, 10 s and 3 redirects, no cookies.
    pub async fn fetch_remote_image(&self, url: &str) -> Result<RemoteImage, ImageError> {
        self.fetch_image(url, Rules { guard: Guard::PublicOnly, any_port: false }).await
    }

    async fn fetch_image(&self, url: &str, rules: Rules) -> Result<RemoteImage, ImageError> {
        tokio::time::timeout(TOTAL, self.follow(url, rules))
            .await
            .map_err(|_| NetError::Timeout("fetching a picture"))?
    }

    async fn follow(&self, url: &str, rules: Rules) -> Result<RemoteImage, ImageError> {
        let mut url = Url::parse(url).map_err(|_| ImageError::Url)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.get(&url, rules).await?;
            if response.status().is_redirection() {
                let next = response.headers().get(LOCATION).and_then(|l| l.to_str().ok());
                url = next.and_then(|next| url.join(next).ok()).ok_or(ImageError::Url)?;
                continue;
            }
            if !response.status().is_success() {
                return Err(ImageError::Status(response.status().as_u16()));
            }
            let bytes = read_capped(response, MAX_BYTES).await.map_err(ImageError::Http)?;
            let bytes = bytes.ok_or(ImageError::TooLarge)?;
            let content_type = sniff(&bytes).ok_or(ImageError::NotAnImage)?;
            return Ok(RemoteImage { content_type, bytes });
        }
        Err(ImageError::Redirects)
    }

    async fn get(&self, url: &Url, rules: Rules) -> Result<reqwest::Response, ImageError> {
        if !matches!(url.scheme(), "http" | "https")
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(ImageError::Url);
        }
        let port = url.port_or_known_default().ok_or(ImageError::Url)?;
        if !rules.any_port && !matches!(port, 80 | 443) {
            return Err(ImageError::Url);
        }
        let mut builder = self.http_builder();
        match url.host().ok_or(ImageError::Url)? {
            Host::Domain(name) => {
                let checked = dial::resolve(name, port, rules.guard).await?;
                builder = builder.resolve_to_addrs(name, &checked);
            }
            Host::Ipv4(v4) if rules.guard.allows(IpAddr::V4(v4)) => {}
            Host::Ipv6(v6) if rules.guard.allows(IpAddr::V6(v6)) => {}
            Host::Ipv4(_) | Host::Ipv6(_) => return Err(NetError::Blocked.into()),
        }
        let client = builder.timeout(TOTAL).build().map_err(ImageError::Http)?;
        client
            .get(url.clone())
            .header(ACCEPT, "image/avif,image/webp,image/png,image/jpeg,image/gif")
            // Some picture servers refuse what does not look like a browser.
            .header(USER_AGENT, "Mozilla/5.0")
            .send()
            .await
            .map_err(ImageError::Http)
    }
}

/// Tells the kind of a picture by its first bytes (WHATWG MIME Sniffing, section 6.1). SVG is left out:
/// it is a document that can hold scripts.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, what: &[u8]| bytes.get(from..from + what.len()) == Some(what);
    if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Some("image/gif")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(4, b"ftypavif") || at(4, b"ftypavis") {
        Some("image/avif")
    } else if at(0, b"BM") {
        Some("image/bmp")
    } else if at(0, b"\0\0\x01\0") {
        Some("image/x-icon")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::NetOptions;
    use super::*;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest";
    const OPEN: Rules = Rules { guard: Guard::AllowPrivate, any_port: true };

    fn net() -> Net {
        Net::new(&NetOptions::default()).unwrap()
    }

    async fn serve(what: &[(&str, ResponseTemplate)]) -> MockServer {
        let server = MockServer::start().await;
        for (at, answer) in what {
            Mock::given(path(*at)).respond_with(answer.clone()).mount(&server).await;
        }
        server
    }

    #[tokio::test]
    async fn internal_pictures_are_refused_whatever_names_them() {
        let server = serve(&[("/a.png", ResponseTemplate::new(200).set_body_bytes(PNG))]).await;
        let port = server.address().port();
        for url in [
            format!("http://127.0.0.1:{port}/a.png"),
            "http://127.0.0.1/a.png".into(),
            "http://localhost/a.png".into(),
            "http://0x7f000001/a.png".into(),
            "http://2130706433/".into(),
            "http://[::ffff:127.0.0.1]/".into(),
            "http://169.254.169.254/latest/meta-data".into(),
            "http://user:pw@8.8.8.8/".into(),
            "http://8.8.8.8:22/".into(),
            "file:///etc/passwd".into(),
            "not a url".into(),
        ] {
            let got = net().fetch_remote_image(&url).await;
            assert!(
                matches!(got, Err(ImageError::Url | ImageError::Net(NetError::Blocked))),
                "{url}: {got:?}"
            );
        }
        assert!(server.received_requests().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn each_redirect_is_checked_again() {
        let server = serve(&[
            ("/hop", ResponseTemplate::new(302).insert_header("location", "ftp://8.8.8.8/x")),
            ("/loop", ResponseTemplate::new(302).insert_header("location", "/loop")),
            ("/ok", ResponseTemplate::new(302).insert_header("location", "/a.png")),
            ("/a.png", ResponseTemplate::new(200).set_body_bytes(PNG)),
        ])
        .await;
        let get = async |at: &str| net().fetch_image(&format!("{}{at}", server.uri()), OPEN).await;
        assert!(matches!(get("/hop").await, Err(ImageError::Url)));
        assert!(matches!(get("/loop").await, Err(ImageError::Redirects)));
        assert_eq!(get("/ok").await.unwrap().content_type, "image/png");
    }

    #[tokio::test]
    async fn only_real_pictures_of_bounded_size_come_back() {
        let mut big = PNG.to_vec();
        big.resize(MAX_BYTES + 1, 0);
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
        let server = serve(&[
            ("/big", ResponseTemplate::new(200).set_body_bytes(big)),
            ("/svg", ResponseTemplate::new(200).set_body_raw(svg, "image/svg+xml")),
            ("/lie", ResponseTemplate::new(200).set_body_raw("<html>", "image/png")),
            ("/404", ResponseTemplate::new(404)),
        ])
        .await;
        let get = async |at: &str| net().fetch_image(&format!("{}{at}", server.uri()), OPEN).await;
        assert!(matches!(get("/big").await, Err(ImageError::TooLarge)));
        assert!(matches!(get("/svg").await, Err(ImageError::NotAnImage)));
        assert!(matches!(get("/lie").await, Err(ImageError::NotAnImage)));
        assert!(matches!(get("/404").await, Err(ImageError::Status(404))));
    }
}
