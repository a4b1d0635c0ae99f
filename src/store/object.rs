//! The shape of every object in the store: one line of text that says what follows, a JSON head, a body of bytes.
//!
//! ```text
//! tamis/log 1 412 b3:… 0 b3:…
//! {"generation":12,…}
//! ```
//! The line holds kind, version, and length and BLAKE3 of head and body. An object that differs from its line in any way is never used.

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;
use crate::identity::ContentId;

/// The newest version of every kind that this program writes and reads.
pub(super) const VERSION: u32 = 1;

/// Longest first line, in bytes; the longest that is ever written has 222.
const MAX_LINE: usize = 256;

/// The bytes of an object.
pub(super) fn encode<H: Serialize>(kind: &str, head: &H, body: &[&[u8]]) -> Result<Vec<u8>, serde_json::Error> {
    let head = serde_json::to_vec(head)?;
    let length: usize = body.iter().map(|part| part.len()).sum();
    let line = Line {
        start: 0,
        head_length: head.len(),
        head_id: ContentId::of([head.as_slice()]),
        body_length: length as u64,
        body_id: digest(body),
    };
    let line = line.written(kind, VERSION) + "\n";
    let mut bytes = Vec::with_capacity(line.len() + head.len() + 1 + length);
    bytes.extend_from_slice(line.as_bytes());
    bytes.extend_from_slice(&head);
    bytes.push(b'\n');
    for part in body {
        bytes.extend_from_slice(part);
    }
    Ok(bytes)
}

fn digest(body: &[&[u8]]) -> ContentId {
    let mut hasher = blake3::Hasher::new();
    for part in body {
        hasher.update(part);
    }
    ContentId::of([hasher.finalize().as_bytes().as_slice()])
}

/// An object that agrees with its first line.
#[derive(Debug)]
pub(super) struct Object<'b, H> {
    pub(super) head: H,
    pub(super) body: &'b [u8],
}

/// Reads a whole object.
pub(super) fn decode<'b, H: DeserializeOwned>(
    kind: &str,
    path: &str,
    bytes: &'b [u8],
) -> Result<Object<'b, H>, StoreError> {
    let line = Line::read(kind, path, bytes)?;
    let body = &bytes[line.head_end(path, bytes)? + 1..];
    if body.len() as u64 != line.body_length {
        return Err(corrupt(
            path,
            format!("{} bytes of content instead of {}", body.len(), line.body_length),
        ));
    }
    if digest(&[body]) != line.body_id {
        return Err(corrupt(path, "the content does not have its digest"));
    }
    Ok(Object {
        head: line.head(path, bytes)?,
        body,
    })
}

/// Reads the head of an object from its first bytes.
pub(super) fn decode_head<H: DeserializeOwned>(kind: &str, path: &str, bytes: &[u8]) -> Result<H, StoreError> {
    Line::read(kind, path, bytes)?.head(path, bytes)
}

struct Line {
    start: usize,
    head_length: usize,
    head_id: ContentId,
    body_length: u64,
    body_id: ContentId,
}

impl Line {
    fn read(kind: &str, path: &str, bytes: &[u8]) -> Result<Self, StoreError> {
        let no_line = || corrupt(path, "it does not begin with the line that every object has");
        let end = bytes
            .iter()
            .take(MAX_LINE)
            .position(|&b| b == b'\n')
            .ok_or_else(no_line)?;
        let line = std::str::from_utf8(&bytes[..end]).map_err(|_| no_line())?;
        let fields: Vec<&str> = line.split(' ').collect();
        let [magic, version, rest @ ..] = fields.as_slice() else {
            return Err(no_line());
        };
        if magic.strip_prefix("tamis/") != Some(kind) {
            return Err(corrupt(path, format!("it is no object of kind {kind:?}")));
        }
        let found: u32 = version.parse().map_err(|_| no_line())?;
        if found == 0 {
            return Err(no_line());
        }
        if found > VERSION {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known: VERSION,
            });
        }
        let &[head_length, head_id, body_length, body_id] = rest else {
            return Err(no_line());
        };
        let read = Self {
            start: end + 1,
            head_length: head_length.parse().map_err(|_| no_line())?,
            head_id: head_id.parse().map_err(|_| no_line())?,
            body_length: body_length.parse().map_err(|_| no_line())?,
            body_id: body_id.parse().map_err(|_| no_line())?,
        };
        // Strict: a line that says the same in other letters was not written by us.
        if read.written(kind, found) == line {
            Ok(read)
        } else {
            Err(no_line())
        }
    }

    fn written(&self, kind: &str, version: u32) -> String {
        let Self {
            head_length,
            head_id,
            body_length,
            body_id,
            ..
        } = self;
        format!("tamis/{kind} {version} {head_length} {head_id} {body_length} {body_id}")
    }

    /// The index of the line break after the head.
    fn head_end(&self, path: &str, bytes: &[u8]) -> Result<usize, StoreError> {
        let end = self.start.saturating_add(self.head_length);
        if bytes.get(end) == Some(&b'\n') {
            Ok(end)
        } else {
            Err(corrupt(path, "its head is torn"))
        }
    }

    fn head<H: DeserializeOwned>(&self, path: &str, bytes: &[u8]) -> Result<H, StoreError> {
        let head = &bytes[self.start..self.head_end(path, bytes)?];
        if ContentId::of([head]) != self.head_id {
            return Err(corrupt(path, "the head does not have its digest"));
        }
        serde_json::from_slice(head).map_err(|e| corrupt(path, format!("its head is not understood: {e}")))
    }
}

pub(super) fn corrupt(path: &str, cause: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        path: path.to_owned(),
        cause: cause.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object() -> Vec<u8> {
        encode("log", &vec![1, 2], &[b"some ", b"content"]).unwrap()
    }

    fn read(bytes: &[u8]) -> Result<(Vec<u32>, Vec<u8>), StoreError> {
        decode("log", "log/1", bytes).map(|o| (o.head, o.body.to_vec()))
    }

    #[test]
    fn an_object_reads_back() {
        assert_eq!(read(&object()).unwrap(), (vec![1, 2], b"some content".to_vec()));
        assert_eq!(
            decode_head::<Vec<u32>>("log", "log/1", &object()[..object().len() - 5]).unwrap(),
            [1, 2]
        );
    }

    #[test]
    fn an_object_that_is_torn_anywhere_is_never_used() {
        let whole = object();
        for end in 0..whole.len() {
            assert!(
                matches!(read(&whole[..end]), Err(StoreError::Corrupt { .. })),
                "cut at {end}"
            );
        }
        let longer = [whole.as_slice(), b"x"].concat();
        assert!(matches!(read(&longer), Err(StoreError::Corrupt { .. })));
    }

    #[test]
    fn an_object_with_any_bit_changed_is_never_used() {
        let whole = object();
        for at in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert!(read(&changed).is_err(), "bit {at}");
        }
    }

    #[test]
    fn a_newer_version_is_refused_by_its_number() {
        let newer = String::from_utf8(object()).unwrap().replacen("log 1 ", "log 2 ", 1);
        let error = read(newer.as_bytes()).unwrap_err();
        assert_eq!(
            error,
            StoreError::Newer {
                path: "log/1".into(),
                found: 2,
                known: 1
            }
        );
        assert!(decode::<Vec<u32>>("revision", "r", &object()).is_err(), "another kind");
    }
}
