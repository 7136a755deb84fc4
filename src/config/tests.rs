use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use super::*;

fn with(file: &str, variables: &[(&str, &str)]) -> Result<Loaded, String> {
    let home = tempfile::tempdir().unwrap();
    if !file.is_empty() {
        std::fs::write(home.path().join(load::FILE), file).unwrap();
    }
    let variables: Vec<_> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let root = home.path().display().to_string();
    load_from(home.path(), &variables)
        .map_err(|problems| problems.to_string().replace(&root, "HOME"))
}

fn refused(file: &str, variables: &[(&str, &str)]) -> String {
    with(file, variables).unwrap_err()
}

#[test]
fn nothing_needs_to_be_configured() {
    let loaded = with("", &[]).unwrap();
    assert!(loaded.sources.is_empty());
    assert_eq!(loaded.config.server.public_url(), "http://localhost:8080");
    assert_eq!(loaded.config.server.redirect_uri(), "http://localhost:8080/oauth/callback");
    assert!(loaded.config.home.keys().ends_with("keys"));
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_default() {
    let file = "[sync]\npoll_seconds = 30\nidle = false\n[server]\npublic_url = 'https://desk.example.com/'";
    let loaded =
        with(file, &[("LOKET_SYNC__POLL_SECONDS", "20"), ("LOKET_HOME", "ignored")]).unwrap();
    assert_eq!(loaded.config.sync.poll_seconds, 20);
    assert!(!loaded.config.sync.idle);
    assert_eq!(loaded.config.server.public_url(), "https://desk.example.com");
    assert_eq!(loaded.sources["sync.poll_seconds"], "LOKET_SYNC__POLL_SECONDS");
    assert_eq!(loaded.sources["sync.idle"], "loket.toml");
}

#[test]
fn database_url_is_honoured_below_our_own_variable() {
    use secrecy::ExposeSecret;
    let plain = ("DATABASE_URL", "postgres://a@db/loket");
    let url = |loaded: Loaded| loaded.config.database.url.unwrap().expose_secret().to_owned();
    assert_eq!(url(with("", &[plain]).unwrap()), "postgres://a@db/loket");
    let ours = ("LOKET_DATABASE__URL", "postgres://b@db/loket");
    assert_eq!(url(with("", &[plain, ours]).unwrap()), "postgres://b@db/loket");
}

#[test]
fn a_database_in_a_file_is_named_by_its_path() {
    let home = |url: &str| with("", &[("DATABASE_URL", url)]).unwrap().config.home;
    assert!(home("sqlite:desk.db").database().ends_with("desk.db"));
    assert_eq!(home("sqlite:///srv/desk.db").database(), std::path::Path::new("/srv/desk.db"));
    assert_eq!(home("sqlite:/srv/desk.db").audit(), std::path::Path::new("/srv/audit.db"));
    for wrong in ["sqlite:", "sqlite::memory:", "sqlite:desk.db?mode=rwc", "sqlite:/srv/audit.db"] {
        assert!(refused("", &[("DATABASE_URL", wrong)]).contains("database.url"), "{wrong}");
    }
    assert_snapshot!(refused(
        "[database]\nurl = 'sqlite:keys/desk.db'\nkeyring_url = 'sqlite:data/keyring.db'",
        &[],
    ), @r#"
    the configuration has 2 problems:

      database.keyring_url (loket.toml): "HOME/data/keyring.db" is inside the data folder
        fix: keep keys apart from data, so that no backup of the data holds them
      database.url (loket.toml): "HOME/keys/desk.db" is inside the keys folder
        fix: keep data apart from keys, so that no backup of the keys holds data
    "#);
}

#[test]
fn a_password_of_digits_stays_a_text_and_a_secret_can_come_from_a_file() {
    use secrecy::ExposeSecret;
    let secrets = tempfile::tempdir().unwrap();
    let path = secrets.path().join("password");
    std::fs::write(&path, "0123\n").unwrap();
    for variable in
        [("LOKET_SMTP__PASSWORD", "0123"), ("LOKET_SMTP__PASSWORD_FILE", path.to_str().unwrap())]
    {
        let loaded = with("", &[("LOKET_SMTP__USER_NAME", "me"), variable]).unwrap();
        assert_eq!(loaded.config.smtp.password.unwrap().expose_secret(), "0123");
    }
}

#[test]
fn secrets_are_never_shown() {
    let canary = "canary-7f3a";
    let loaded = with(
        "",
        &[
            ("LOKET_SMTP__USER_NAME", "me"),
            ("LOKET_SMTP__PASSWORD", canary),
            ("LOKET_PROVIDERS__GOOGLE__CLIENT_ID", "id"),
            ("LOKET_PROVIDERS__GOOGLE__CLIENT_SECRET", canary),
            ("DATABASE_URL", "postgres://loket:canary-7f3a@db/loket"),
        ],
    )
    .unwrap();
    let shown = serde_json::to_string(&show::settings(&loaded)).unwrap();
    assert!(shown.contains("(set)"));
    assert!(!shown.contains(canary) && !format!("{loaded:?}").contains(canary));
    let wrong = refused(
        "[smtp]\npassword = ['canary-7f3a']\n[database]\nurl = 'mysql://x:canary-7f3a@db/x'",
        &[],
    );
    assert!(!wrong.contains(canary), "{wrong}");
    let broken = refused("[smtp]\npassword = \"canary-7f3a", &[]);
    assert!(!broken.contains(canary), "{broken}");
}

#[test]
fn every_field_has_a_key_and_every_key_a_field() {
    let fields: BTreeSet<_> = show::flatten(&Config::default()).into_keys().collect();
    let keys: BTreeSet<_> = table::all_keys().map(|(path, _)| path).collect();
    assert_eq!(fields, keys);
}

#[test]
fn every_default_passes_its_own_check() {
    for (path, value) in show::flatten(&Config::default()) {
        if !value.is_null() {
            let value = figment::value::Value::serialize(value).unwrap();
            assert_eq!(table::find(&path).unwrap().kind.check(&value), Ok(()), "{path}");
        }
    }
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    assert_snapshot!(refused(
        "colour = 1\n[server]\nlisen = '127.0.0.1:1'\n[smpt]\nhost = 'x'\n[sync]\nundo_seconds = 3",
        &[
            ("LOKET_SYNC__POLL_SECOND", "5"),
            ("LOKET_SERVER_PUBLIC_URL", "https://desk.example.com"),
            ("LOKET_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
        ],
    ), @r"
the configuration has 6 problems:

  LOKET_SYNC__POLL_SECOND: there is no such setting
    fix: did you mean LOKET_SYNC__POLL_SECONDS?
  LOKET_SERVER_PUBLIC_URL: there is no such setting
    fix: did you mean LOKET_SERVER__PUBLIC_URL?
  colour (loket.toml): there is no such setting
    fix: remove it, or see the configuration table in README.md
  server.lisen (loket.toml): there is no such setting
    fix: did you mean server.listen?
  smpt (loket.toml): there is no such setting
    fix: did you mean smtp?
  sync.undo_seconds (loket.toml): there is no such setting
    fix: did you mean sending.undo_seconds?
");
}

#[test]
fn values_that_do_not_fit_are_refused_all_at_once() {
    assert_snapshot!(refused(
        "[server]\nlisten = 'localhost'\npublic_url = 'desk.example.com'\ntrusted_proxies = '10.0.0.1'\n\
         [database]\nurl = 'mysql://x/y'\n\
         [blobs]\nkind = 'ftp'\n\
         [sync]\nidle = 'perhaps'\npoll_seconds = '1m'\n\
         [smtp]\nport = 70000\nhost = ''\n\
         [telemetry]\nlevel = 3",
        &[("LOKET_LIMITS__MAIL_MB", "lots")],
    ), @r#"
the configuration has 11 problems:

  blobs.kind (loket.toml): "ftp" is not one of the choices
    fix: choose fs or s3
  database.url (loket.toml): the address is neither SQLite nor PostgreSQL
    fix: write postgres://USER:PASSWORD@HOST/DATABASE or sqlite:PATH
  limits.mail_mb (LOKET_LIMITS__MAIL_MB): "lots" is not a whole number
    fix: write a whole number from 1 to 256, without quotes or units
  server.listen (loket.toml): "localhost" is not an IP address and a port
    fix: write 127.0.0.1:8080 for this machine only, or 0.0.0.0:8080 for every network
  server.public_url (loket.toml): "desk.example.com" is not an http or https address
    fix: write https://HOST/…
  server.trusted_proxies (loket.toml): "10.0.0.1" is not a list of texts
    fix: write ["one", "two"]
  smtp.host (loket.toml): the value is empty
    fix: give it a value or leave the key out
  smtp.port (loket.toml): 70000 is out of range
    fix: choose a whole number from 1 to 65535
  sync.idle (loket.toml): "perhaps" is neither true nor false
    fix: write true or false
  sync.poll_seconds (loket.toml): "1m" is not a whole number
    fix: write a whole number from 1 to 3600, without quotes or units
  telemetry.level (loket.toml): 3 is not a text
    fix: put it between quotes
"#);
}

#[test]
fn values_that_contradict_each_other_are_refused() {
    assert_snapshot!(refused(
        "[server]\npublic_url = 'http://desk.example.com/loket'\ntrusted_proxies = ['10.0.0.0/33']\n\
         [database]\nurl = 'postgres://a@db/loket'\nkeyring_url = 'postgres://b@db:5432/keys'\n\
         [blobs]\nkind = 's3'\n\
         [smtp]\nhost = 'mail.example.com'\nuser_name = 'me'\n\
         [providers.google]\nclient_id = 'x'\n\
         [providers.microsoft]\ntenant = '../x'\n\
         [tls]\nextra_ca_file = 'ca.pem'\n\
         [telemetry]\nlevel = 'loket=loud'\n\
         [privacy]\nundo_days = 20\nkeyring_backup_days = 8\n\
         [paths]\nkeys = 'data/keys'",
        &[],
    ), @r#"
the configuration has 15 problems:

  paths.keys (loket.toml): "HOME/data/keys" is inside the data folder
    fix: keep keys apart from data, so that no backup of the data holds them
  server.public_url (loket.toml): "http://desk.example.com/loket" is plain http, which would send passwords and mail unencrypted
    fix: put a proxy with TLS in front of Loket and write its https:// address; plain http is for http://localhost and http://127.0.0.1 only
  server.trusted_proxies (loket.toml): "10.0.0.0/33" is not an IP address or network
    fix: write addresses such as 10.0.0.7 or networks such as 10.0.0.0/8
  database.keyring_url (loket.toml): it points to the server that holds the data, so that one backup would hold both keys and mail
    fix: give the keyring a PostgreSQL cluster of its own, leave the key out to keep the keyring in the keys folder, or set database.allow_same_cluster
  blobs.bucket (not set): it is missing, and blobs.kind is s3
    fix: give it a value
  blobs.region (not set): it is missing, and blobs.kind is s3
    fix: give it a value
  blobs.access_key_id (not set): it is missing, and blobs.kind is s3
    fix: give it a value
  blobs.secret_access_key (not set): it is missing, and blobs.kind is s3
    fix: give it a value
  smtp.from (not set): it is missing, and smtp.host is set
    fix: write the address that Loket's own mail comes from
  smtp.password (not set): it is missing, and smtp.user_name is set
    fix: give both, or neither for a server that asks for no sign-in
  providers.google.client_secret (not set): it is missing, and providers.google.client_id is set
    fix: copy both from the provider's console, or leave both out and enter them in the web page
  providers.microsoft.tenant (loket.toml): "../x" is not a tenant
    fix: write organizations, common, consumers, a tenant's id or its domain
  tls.extra_ca_file (loket.toml): "HOME/ca.pem" cannot be read (entity not found)
    fix: check the path and that Loket's user may read it
  telemetry.level (loket.toml): "loket=loud" is not a log level
    fix: write error, warn, info or debug, or directives such as info,loket::imap=debug
  privacy.keyring_backup_days (loket.toml): with privacy.undo_days (20) it makes 28 days, so that keys could outlive the 30 days in which a disconnected mailbox must be gone
    fix: lower one of the two, so that they are 27 together at most
"#);
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    assert_snapshot!(refused("[server]\nlisten = 127.0.0.1:8080\n", &[]), @r"
the configuration has a problem:

  loket.toml: line 2 is not TOML: invalid float, expected nothing
    fix: mend the line; texts stand between quotes, sections in [brackets]
");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for local in ["http://localhost:8080", "http://127.0.0.1:8080", "https://desk.example.com"] {
        assert!(with("", &[("LOKET_SERVER__PUBLIC_URL", local)]).is_ok(), "{local}");
    }
    for open in ["http://desk.example.com", "http://10.0.0.5:8080", "http://localhost.example.com"]
    {
        assert!(with("", &[("LOKET_SERVER__PUBLIC_URL", open)]).is_err(), "{open}");
    }
}

#[test]
fn the_home_folder_is_made_for_its_owner_only() {
    let root = tempfile::tempdir().unwrap();
    let home = Home::new(&root.path().join("desk"), &paths::Paths::default());
    home.prepare().unwrap();
    for folder in [home.data(), home.keys()] {
        assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
    home.prepare().unwrap();
}

#[test]
fn keys_that_others_can_read_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let home = Home::new(root.path(), &paths::Paths::default());
    home.prepare().unwrap();
    let said = |home: &Home| {
        home.prepare().unwrap_err().to_string().replace(&root.path().display().to_string(), "HOME")
    };
    std::fs::write(home.root_key(), "x").unwrap();
    std::fs::set_permissions(home.root_key(), PermissionsExt::from_mode(0o640)).unwrap();
    assert_snapshot!(said(&home), @r"
others can read HOME/keys/root.key (mode 0640), which holds keys
  fix: chmod 600 HOME/keys/root.key
");
    std::fs::set_permissions(home.root_key(), PermissionsExt::from_mode(0o600)).unwrap();
    home.prepare().unwrap();
    std::fs::set_permissions(home.keys(), PermissionsExt::from_mode(0o750)).unwrap();
    assert_snapshot!(said(&home), @r"
others can read HOME/keys (mode 0750), which holds keys
  fix: chmod 700 HOME/keys
");
}

/// Run with `UPDATE_README=1` to write the table.
#[test]
fn readme_has_the_configuration_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (head, rest) = readme.split_once("<!-- configuration").unwrap();
    let (mark, rest) = rest.split_once("-->\n").unwrap();
    let (table, tail) = rest.split_once("<!-- /configuration -->").unwrap();
    let right = show::markdown();
    if std::env::var_os("UPDATE_README").is_some() {
        let text =
            format!("{head}<!-- configuration{mark}-->\n{right}<!-- /configuration -->{tail}");
        std::fs::write(path, text).unwrap();
        return;
    }
    assert_eq!(table, right, "UPDATE_README=1 cargo test readme_has writes it");
}
