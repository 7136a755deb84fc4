//! The way to images that mail names.

use async_trait::async_trait;

use crate::net::Net;
use crate::service::ports::{ImagePort, RemoteImage};

/// Fetches through the guard against internal addresses.
#[derive(Debug)]
pub(super) struct Images(pub(super) Net);

#[async_trait]
impl ImagePort for Images {
    async fn fetch(&self, url: &str) -> Option<RemoteImage> {
        let image = self.0.fetch_remote_image(url).await.ok()?;
        Some(RemoteImage { content_type: image.content_type, bytes: image.bytes })
    }
}
