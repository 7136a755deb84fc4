//! Connecting a mailbox at Google or Microsoft (OAuth 2, authorization code with PKCE).
//!
//! 1. [`ProviderSettings::google`] and [`ProviderSettings::microsoft`] hold the vendors' endpoints,
//!    scopes and mail servers; every one of them is a public field that the configuration may replace.
//! 2. [`OAuth::begin`] makes the address to send the browser to, and a [`Pending`] that the caller keeps,
//!    sealed, in the user's session: state, PKCE verifier, nonce.
//! 3. The provider sends the browser back. The caller compares `state` with [`Pending::is_state`]
//!    (constant time) and hands the code to [`OAuth::exchange`], which checks the `id_token`'s claims and
//!    that the mail scopes were granted, and returns a [`Grant`].
//! 4. [`OAuth::refresh`] gets a new access token. One caller at a time per grant (a lock, the caller's):
//!    store a new refresh token *before* using the access token, for the old one may be dead.
//! 5. [`OAuth::revoke`] ends the grant at Google. Microsoft has no revocation that spares the user's
//!    other apps.
//!
//! The `id_token` comes straight from the token endpoint over TLS, so its signature need not be checked
//! (OpenID Connect Core section 3.1.3.7, point 6); its claims are.
//!
//! Another provider: a [`Kind`] and a constructor beside `google` and `microsoft`.

mod flow;
mod id_token;
mod provider;
mod transport;

pub use flow::{Grant, OAuth, OAuthError, Pending, Refresh, Tokens};
pub use provider::{Kind, ProviderSettings};
