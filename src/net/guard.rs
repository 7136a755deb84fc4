//! Which addresses may be dialled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses a server may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guard {
    /// Only addresses of the public internet: for anything that a stranger can name, and for
    /// installations whose admins are not the operator.
    #[default]
    PublicOnly,
    /// Any address: mail servers on the office network, and the test rig.
    AllowPrivate,
}

impl Guard {
    /// Whether this address may be dialled.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::PublicOnly => is_public(address),
            Self::AllowPrivate => true,
        }
    }
}

/// Whether an address belongs to the public internet, judged by the IANA special-purpose registries.
/// Addresses that carry an IPv4 address inside are judged by that one.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local() // includes the clouds' metadata service, 169.254.169.254
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // RFC 6598, carrier-grade NAT
        || (a == 192 && b == 0 && c == 0) // RFC 6890
        || (a == 192 && b == 88 && c == 99) // RFC 7526, former 6to4 relays
        || (a == 198 && (18..20).contains(&b)) // RFC 2544, benchmarks
        || address == Ipv4Addr::new(168, 63, 129, 16); // Azure's host service on a public address
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (s0, s1) {
        // ::/96 (compatible) and ::ffff:0:0/96 (mapped), so also :: and ::1
        (0, 0) if s2 == 0 && s3 == 0 && s4 == 0 && (s5 == 0 || s5 == 0xffff) => {
            is_public_v4(v4(s6, s7))
        }
        (0x0064, 0xff9b) => s2 == 0 && s3 == 0 && s4 == 0 && s5 == 0 && is_public_v4(v4(s6, s7)), // NAT64
        (0x2002, _) => is_public_v4(v4(s1, s2)), // 6to4
        // Teredo, benchmarks, documentation (two blocks)
        (0x2001, 0 | 2 | 0x0db8) | (0x3fff, _) => false,
        // Only 2000::/3 is handed out; unique-local, link-local and multicast lie outside.
        _ => s0 & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_addresses_in_every_disguise_are_not_public() {
        for text in [
            "127.0.0.1",
            "127.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001:0:53aa::1",
            "2001:db8::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "100::1",
            "4000::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn ordinary_addresses_are_public() {
        for text in [
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "169.253.0.1",
            "2001:4860:4860::8888",
            "2a00:1450:4009::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
