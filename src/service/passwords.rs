//! Passwords: Argon2id, off the async threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};

use super::{Result, ServiceError, Services};
use crate::authz::Actor;
use crate::store::accounts;

/// OWASP's first choice: 19 MiB, two passes, one lane; about 25 ms.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The shortest password, in characters.
const SHORTEST: usize = 10;

/// Longer ones only cost time.
const LONGEST_BYTES: usize = 1_024;

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| broken(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: &dyn std::fmt::Display) -> ServiceError {
    ServiceError::internal(std::io::Error::other(error.to_string()))
}

fn hash_with(password: &SecretString, salt: &[u8]) -> Result<SecretString> {
    let hash: PasswordHash = hasher()?
        .hash_password_with_salt(password.expose_secret().as_bytes(), salt)
        .map_err(|error| broken(&error))?;
    Ok(SecretString::from(hash.to_string()))
}

/// Refuses what is too short or absurdly long.
pub(crate) fn check(field: &'static str, password: &SecretString) -> Result<()> {
    let password = password.expose_secret();
    if password.chars().count() < SHORTEST {
        return Err(ServiceError::invalid(field, format!("take {SHORTEST} characters or more")));
    }
    if password.len() > LONGEST_BYTES {
        return Err(ServiceError::invalid(field, "take fewer characters"));
    }
    Ok(())
}

/// The hash to store, as a PHC string.
pub(crate) async fn hash(services: &Services, password: SecretString) -> Result<SecretString> {
    let mut salt = [0; 16];
    services.store().ids().fill(&mut salt);
    let hashed = tokio::task::spawn_blocking(move || hash_with(&password, &salt));
    hashed.await.map_err(ServiceError::internal)?
}

/// Whether the password is the one that `hash` was made of. Without a hash it takes as long, so
/// that nobody learns which accounts there are, and answers no.
pub(crate) async fn verify(hash: Option<SecretString>, password: SecretString) -> Result<bool> {
    let verified = tokio::task::spawn_blocking(move || {
        let Some(hash) = hash else {
            hash_with(&password, b"there is nobody.")?;
            return Ok(false);
        };
        let parsed = PasswordHash::new(hash.expose_secret()).map_err(|error| broken(&error))?;
        Ok(hasher()?.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok())
    });
    verified.await.map_err(ServiceError::internal)?
}
/// Has whoever acts give their own password once more, for what cannot be taken back.
pub(super) async fn confirm(
    services: &Services,
    actor: &Actor,
    password: SecretString,
) -> Result<()> {
    let account = accounts::find(services.store(), actor.account_id).await?;
    let account = account.ok_or(ServiceError::Unauthenticated)?;
    super::sign_in::attempt_password(services, &account)?;
    if verify(account.password_hash, password).await? {
        Ok(())
    } else {
        Err(ServiceError::invalid("password", "this is not your password"))
    }
}
