//! Senders that look like somebody else: what a reader sees says one thing, the address another.

use unicode_security::MixedScript as _;
use unicode_security::skeleton;

use super::model::Address;

/// Longer domains do not exist (RFC 1035 §2.3.4).
const MAX_DOMAIN: usize = 255;

/// Whether the sender's domain passes for another one: letters of several scripts in one label, all
/// letters of another script that look like Latin ones (UTS #39 §4 and §5), or, written otherwise,
/// what one of `own` looks like (`rn` for `m`, `0` for `o`).
#[must_use]
pub fn domain(address: &Address, own: &[String]) -> bool {
    let Some(domain) = domain_of(&address.address) else { return false };
    let domain = shown(&domain);
    let passes_for_latin = |label: &str| {
        !label.is_ascii() && (!label.is_single_script() || skeleton(label).all(|c| c.is_ascii()))
    };
    if domain.split('.').any(passes_for_latin) {
        return true;
    }
    own.iter().filter_map(|own| domain_of(own)).any(|own| {
        let own = shown(&own);
        own != domain && skeleton(&own).eq(skeleton(&domain))
    })
}

/// A name as it is compared: small letters, single spaces, look-alike letters as one.
#[must_use]
pub fn name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    skeleton(&words.join(" ")).collect()
}

/// As readers see it: not in the ASCII form of RFC 3492.
fn shown(domain: &str) -> String {
    idna::domain_to_unicode(domain).0
}

fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    (domain.len() <= MAX_DOMAIN).then(|| domain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(address: &str) -> bool {
        let address = Address { name: None, address: address.to_owned() };
        domain(&address, &["support@example.com".to_owned()])
    }

    #[test]
    fn domains_that_pass_for_others() {
        // Cyrillic а in a Latin word, as such and in ASCII; all Cyrillic that looks Latin.
        for address in ["x@ex\u{430}mple.com", "x@xn--exmple-4nf.com", "x@аррӏе.com"] {
            assert!(passes(address), "{address}");
        }
        // As the mailbox's own domain, in ASCII.
        for address in ["x@exarnple.com", "x@examp1e.com", "x@EXARNPLE.com"] {
            assert!(passes(address), "{address}");
        }
        for address in [
            "x@example.com",
            "x@EXAMPLE.com",
            "x@example.org",
            "x@müller.example",
            "x@почта.example",
            "x@例え.example",
            "x@localhost",
            "x",
            "",
        ] {
            assert!(!passes(address), "{address}");
        }
        assert!(!passes(&format!("x@{}", "а.".repeat(100_000))));
    }

    #[test]
    fn names_are_compared_as_they_look() {
        assert_eq!(name("  Anna   BOS "), name("anna bos"));
        assert_eq!(name("Аnnа Bos"), name("Anna Bos"));
        assert_ne!(name("Anna Bos"), name("Anna Vos"));
    }
}
