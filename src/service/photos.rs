//! Photos of users. What is uploaded is looked at once: a small square of it is kept, made anew from its
//! pixels, so that nothing else of the file (a place, a camera, whatever was hidden in it) remains.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbImage};

use super::access::{self, Object};
use super::{Result, ServiceError, Services};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::MembershipId;
use crate::store::{memberships, photos};

/// The largest file, in bytes: what telephones make is smaller.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The longest side of the picture in it.
const MAX_SIDE: u32 = 12_000;

/// What opening it may take: a picture of 40 million pixels, or a small file that blows itself up.
const MAX_MEMORY: u64 = 160 * 1024 * 1024;

/// The side of what is kept: three times the largest size in which it is shown.
const SIDE: u32 = 192;

const QUALITY: u8 = 88;

/// Photos in 15 minutes: each costs a second of work.
const PER_ACCOUNT: u32 = 20;

/// Keeps a photo of the actor in place of the one before; its version.
pub async fn put(services: &Services, actor: &Actor, file: Bytes) -> Result<i64> {
    let store = services.store();
    let name = [b"photo ".as_slice(), actor.account_id.0.as_bytes()].concat();
    if let Some(retry_after) = services.throttle().attempt(&name, PER_ACCOUNT, store.now()) {
        return Err(ServiceError::Throttled { retry_after });
    }
    let small = tokio::task::spawn_blocking(move || small(&file, MAX_MEMORY))
        .await
        .map_err(ServiceError::internal)?
        .ok_or_else(|| {
            ServiceError::invalid("photo", "Choose a picture in the form of PNG, JPEG or WebP.")
        })?;
    record(services, actor).await?;
    let version = store.now().timestamp_millis();
    let key = store.keyring().server_key().await?;
    let tx = store.begin().await?;
    photos::put(&tx, &key, actor.account_id, version, &small).await?;
    tx.commit().await?;
    Ok(version)
}

/// The photo of a user of the actor's organization, and its version.
pub async fn get(services: &Services, actor: &Actor, id: MembershipId) -> Result<(i64, Vec<u8>)> {
    services.scope(actor, Permission::ListUsers)?;
    let member = memberships::find(services.store(), actor.organization_id, id).await?;
    let member = member.ok_or(ServiceError::NotFound)?;
    let found = photos::find(services.store(), member.account_id).await?;
    found.ok_or(ServiceError::NotFound)
}

/// Removes the photo of the actor.
pub async fn remove(services: &Services, actor: &Actor) -> Result<()> {
    record(services, actor).await?;
    let tx = services.store().begin().await?;
    photos::remove(&tx, actor.account_id).await?;
    Ok(tx.commit().await?)
}

async fn record(services: &Services, actor: &Actor) -> Result<()> {
    let object = Object::new(ObjectKind::Membership, actor.membership_id.0);
    access::record_all(services, actor, &[(Action::ChangeAccount, object)]).await
}

/// The middle of the picture as a small JPEG, upright; nothing when it is no picture that we know.
fn small(file: &[u8], max_memory: u64) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().ok()?;
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
    if !reader.format().is_some_and(|format| known.contains(&format)) {
        return None;
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(max_memory);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().ok()?;
    // What the picture itself takes is known before any of it is opened.
    limits.reserve(decoder.total_bytes()).ok()?;
    decoder.set_limits(limits).ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture = picture.resize_to_fill(SIDE, SIDE, FilterType::CatmullRom);
    picture.apply_orientation(orientation);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&on_white(&picture)).ok()?;
    Some(out)
}

/// A JPEG has nothing to be seen through.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let seen = picture.to_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        let over = |value: u8| {
            let (value, alpha) = (u16::from(value), u16::from(alpha));
            u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn what_is_kept_is_a_small_square_on_white() {
        let picture = DynamicImage::new_rgba8(400, 100);
        let kept =
            image::load_from_memory(&small(&png(&picture), MAX_MEMORY).unwrap()).unwrap().to_rgb8();
        assert_eq!((kept.width(), kept.height()), (SIDE, SIDE));
        assert!(kept.get_pixel(5, 5).0.iter().all(|value| *value > 250));
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        let opened = |file: &[u8]| small(file, MAX_MEMORY);
        assert_eq!(opened(b""), None);
        assert_eq!(opened(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), None);
        assert_eq!(opened(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), None);
        let whole = png(&DynamicImage::new_luma8(64, 64));
        assert_eq!(opened(whole.get(..60).unwrap()), None, "cut off");
        assert_eq!(opened(&png(&DynamicImage::new_luma8(MAX_SIDE + 1, 1))), None, "too wide");
        // Few bytes that become many.
        let bomb = png(&DynamicImage::new_luma8(1_000, 1_000));
        assert!(small(&bomb, 4_000_000).is_some());
        assert_eq!(small(&bomb, 900_000), None);
    }
}
