//! Where on this machine an admin may have mail read and written from the web.
//!
//! An admin of an organization is no operator of the machine. Whoever uses the command line may
//! name any folder; the web only what is inside a folder that the configuration names
//! (`security.maildir_folders`), and never a program.

use std::path::{Component, Path, PathBuf};

use super::mailboxes::{Deliver, MailboxSettings};
use super::{Result, ServiceError, Services};

/// Refuses settings that name another place.
pub(super) async fn check(services: &Services, settings: &MailboxSettings) -> Result<()> {
    let mut named = Vec::new();
    named.extend(settings.path.clone().map(|path| ("path", path)));
    match &settings.deliver {
        Some(Deliver::Folder { path }) => named.push(("deliver.path", path.clone())),
        Some(Deliver::Sendmail { command: Some(_) }) => {
            return Err(ServiceError::invalid(
                "deliver.command",
                "another program than sendmail is chosen at the server's command line only",
            ));
        }
        Some(Deliver::Sendmail { command: None }) | None => {}
    }
    let allowed = services.options().maildir_folders.clone();
    let wrong = tokio::task::spawn_blocking(move || {
        let outside = |path: &str| !allowed.iter().any(|folder| is_inside(Path::new(path), folder));
        named.into_iter().find(|(_, path)| outside(path))
    });
    match wrong.await.map_err(ServiceError::internal)? {
        None => Ok(()),
        Some((field, _)) => Err(ServiceError::invalid(
            field,
            "this folder is not open to the web: link it at the server's command line with \
             loket mailbox add --maildir, or have the operator name a folder around it in \
             security.maildir_folders",
        )),
    }
}

/// Whether a path leads into a folder, links followed. What is not there yet leads nowhere else.
fn is_inside(path: &Path, folder: &Path) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::RootDir | Component::Normal(_));
    if !path.is_absolute() || !path.components().all(plain) {
        return false;
    }
    let Ok(folder) = folder.canonicalize() else { return false };
    let real = path.ancestors().find_map(|above| {
        let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
        above.canonicalize().map(|real| -> PathBuf { real.join(rest) }).ok()
    });
    real.is_some_and(|real| real.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_an_allowed_folder() {
        let home = tempfile::tempdir().unwrap();
        let allowed = home.path().join("mail");
        std::fs::create_dir_all(allowed.join("support/new")).unwrap();
        std::os::unix::fs::symlink("/etc", allowed.join("link")).unwrap();
        for inside in ["support", "support/new", "to-be-made", "to/be/made"] {
            assert!(is_inside(&allowed.join(inside), &allowed), "{inside}");
        }
        for outside in ["link", "link/x", "../secret", "support/../../secret"] {
            assert!(!is_inside(&allowed.join(outside), &allowed), "{outside}");
        }
        for outside in ["/etc", "/", "mail/support"] {
            assert!(!is_inside(Path::new(outside), &allowed), "{outside}");
        }
        assert!(!is_inside(&home.path().join("mailbox"), &allowed));
        assert!(!is_inside(&home.path().join("gone/x"), &home.path().join("gone")));
    }
}
