//! What the mailbox's own provider says about the sender (RFC 8601).
//!
//! A field counts only where the provider's own boundary put it: anybody can write one into a
//! mail. New fields are put on top, so the topmost one of the provider's form is its own.

/// Whose boundary the mail passed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// Gmail and Google Workspace: `mx.google.com; …`.
    Google,
    /// Outlook.com and Microsoft 365 name no server: `spf=…; dkim=…; dmarc=…; compauth=…`.
    Microsoft,
}

impl Boundary {
    fn put(self, field: &str) -> bool {
        let head = field.split(';').next().unwrap_or_default().trim().to_lowercase();
        match self {
            Self::Google => head == "mx.google.com",
            Self::Microsoft => {
                head.starts_with("spf=") || head.ends_with(".protection.outlook.com")
            }
        }
    }
}

/// True when the provider itself found that the sender's domain did not send this mail: DMARC
/// failed, or Microsoft's composite of it. Other failures (SPF after a forward, a signature that
/// a list broke) say nothing by themselves.
#[must_use]
pub fn has_failed(fields: &[String], boundary: Boundary) -> bool {
    let Some(own) = fields.iter().find(|field| boundary.put(field)) else { return false };
    own.split(';').any(|result| {
        let word = result.split_whitespace().next().unwrap_or_default().to_lowercase();
        word == "dmarc=fail" || (boundary == Boundary::Microsoft && word == "compauth=fail")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_providers_own_field_counts() {
        let google = |result: &str| {
            format!("mx.google.com; dkim=none; {result} (p=NONE) header.from=bank.example")
        };
        let failed = |fields: &[String]| has_failed(fields, Boundary::Google);
        assert!(failed(&[google("dmarc=fail")]));
        assert!(!failed(&[google("dmarc=pass")]));
        assert!(!failed(&["evil.example; dmarc=fail".to_owned()]));
        assert!(!failed(&[google("dmarc=pass"), google("dmarc=fail")]), "the topmost is theirs");
        assert!(failed(&[google("dmarc=fail"), google("dmarc=pass")]), "a forged one is below");
        assert!(!failed(&[]));
    }

    #[test]
    fn microsoft_names_no_server() {
        let field = |result: &str| {
            vec![format!("spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=x.example; {result}")]
        };
        assert!(has_failed(&field("dkim=none; dmarc=fail action=none"), Boundary::Microsoft));
        assert!(has_failed(&field("dmarc=none;compauth=fail reason=001"), Boundary::Microsoft));
        assert!(!has_failed(&field("dmarc=bestguesspass;compauth=pass"), Boundary::Microsoft));
        assert!(!has_failed(&field("dmarc=fail"), Boundary::Google));
    }
}
