//! Names and content ids: how dictionaries, policies, revisions and snapshots are called.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The tenant of a name that states none.
pub const DEFAULT_TENANT: &str = "default";

/// The name of a dictionary or policy: `tenant/name`.
///
/// Each part holds 1 to 64 of `a-z`, `A-Z`, `0-9`, `_`, `-` and `.`, so that names are safe in URLs, metrics and file names.
///
/// ```
/// use tamis::identity::Name;
/// let name: Name = "fraud".parse()?;
/// assert_eq!(name.to_string(), "default/fraud");
/// assert_eq!(name.short(), "fraud");
/// # Ok::<(), tamis::identity::BadName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    full: String,
    slash: usize,
}

/// `default/default`: the policy that is meant where none is named.
impl Default for Name {
    fn default() -> Self {
        Self {
            full: format!("{DEFAULT_TENANT}/default"),
            slash: DEFAULT_TENANT.len(),
        }
    }
}

/// Why a text is not a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName(String);

impl BadName {
    /// What to write instead.
    pub const MEND: &str = "write `name` or `tenant/name`, each part 1 to 64 of a-z A-Z 0-9 _ - .";
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a name: {}", self.0, Self::MEND)
    }
}

impl std::error::Error for BadName {}

impl Name {
    /// The part before the slash.
    pub fn tenant(&self) -> &str {
        &self.full[..self.slash]
    }

    /// The part after the slash: what rule ids begin with.
    pub fn short(&self) -> &str {
        &self.full[self.slash + 1..]
    }

    /// The whole name with its tenant.
    pub fn as_str(&self) -> &str {
        &self.full
    }
}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let (tenant, short) = text.split_once('/').unwrap_or((DEFAULT_TENANT, text));
        let fits = |part: &str| {
            (1..=64).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
                && !part.bytes().all(|b| b == b'.')
        };
        if fits(tenant) && fits(short) {
            Ok(Self {
                full: format!("{tenant}/{short}"),
                slash: tenant.len(),
            })
        } else {
            Err(BadName(text.chars().take(80).collect()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.full)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// BLAKE3 over a canonical content, written `b3:` and 64 hexadecimal digits: the same on every machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId([u8; 32]);

impl ContentId {
    /// The id of a list of fields. Each field is preceded by its length, so that no two lists share an encoding.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Self {
        // Most fields are a few bytes, and most lists are short: the hasher is asked for as little as can be.
        const PIECE: usize = 1_024;
        let (mut hasher, mut piece) = (None, Vec::with_capacity(PIECE));
        for field in fields {
            piece.extend_from_slice(&(field.len() as u64).to_le_bytes());
            piece.extend_from_slice(field);
            if piece.len() >= PIECE {
                hasher.get_or_insert_with(blake3::Hasher::new).update(&piece);
                piece.clear();
            }
        }
        let hash = match hasher {
            None => blake3::hash(&piece),
            Some(mut hasher) => hasher.update(&piece).finalize(),
        };
        Self(*hash.as_bytes())
    }

    /// The 32 bytes.
    pub fn bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b3:{}", blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContentId {
    type Err = BadContentId;

    fn from_str(text: &str) -> Result<Self, BadContentId> {
        let hex = text.strip_prefix("b3:").ok_or(BadContentId)?;
        blake3::Hash::from_hex(hex)
            .map(|hash| Self(*hash.as_bytes()))
            .map_err(|_| BadContentId)
    }
}

impl Serialize for ContentId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// A text is not `b3:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadContentId;

impl fmt::Display for BadContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a content id: expected `b3:` and 64 hexadecimal digits")
    }
}

impl std::error::Error for BadContentId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_tenant_belongs_to_the_default_one() {
        let name: Name = "fraud".parse().unwrap();
        assert_eq!(
            (name.tenant(), name.short(), name.as_str()),
            ("default", "fraud", "default/fraud")
        );
        assert_eq!("acme/fraud".parse::<Name>().unwrap().tenant(), "acme");
    }

    #[test]
    fn names_that_would_be_paths_or_empty_are_refused() {
        for bad in [
            "",
            "/",
            "a/",
            "/a",
            "a/b/c",
            "..",
            "a/..",
            "a b",
            "诈骗",
            &"x".repeat(65),
        ] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_content_id_reads_back_and_fields_do_not_run_together() {
        let id = ContentId::of([b"ab".as_slice(), b"c"]);
        assert_eq!(id.to_string().parse::<ContentId>().unwrap(), id);
        assert_ne!(id, ContentId::of([b"a".as_slice(), b"bc"]));
        assert!("b3:12".parse::<ContentId>().is_err());
    }
}
