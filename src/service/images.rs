//! Images elsewhere, fetched so that the sender learns nothing of the reader.

use super::ports::RemoteImage;
use super::{Result, ServiceError, Services, messages};
use crate::authz::Actor;
use crate::domain::ids::MessageId;

/// The image, if the message names it.
pub async fn fetch(
    services: &Services,
    actor: &Actor,
    id: MessageId,
    url: &str,
) -> Result<RemoteImage> {
    messages::names_image(services, actor, id, url).await?;
    services.ports().images.fetch(url).await.ok_or(ServiceError::NotFound)
}
