//! Who may change what: bearer tokens, of which the server knows only hashes.

use std::{fs, net::SocketAddr, path::PathBuf};

use tonic::{Code, Request, Status};

use super::{super::proto::ErrorReason, status::status};
use crate::identity::{ContentId, Name};

/// The address that a connection comes from, as the listener saw it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// What a token may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Check messages.
    Check,
    /// Push revisions and edit terms.
    Edit,
    /// Activate, deactivate, roll back.
    Admin,
}

impl Role {
    /// Every role as it is written.
    pub const WRITTEN: [(&str, Self); 3] = [("check", Self::Check), ("edit", Self::Edit), ("admin", Self::Admin)];
}

/// The file of tokens: one a line, `NAME ROLE HASH`; `#` begins a comment. It is read for every change, so that a token that is taken out
/// ends at once.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    file: PathBuf,
}

#[derive(Debug)]
struct Known {
    name: String,
    role: Role,
    hash: ContentId,
}

impl Tokens {
    /// The tokens in a file; an empty path means that there are none.
    pub fn in_file(file: PathBuf) -> Self {
        Self { file }
    }

    /// The hash that the file holds for a token.
    pub fn hash(token: &str) -> ContentId {
        ContentId::of([b"tamis-token".as_slice(), token.as_bytes()])
    }

    /// Reads the file once, to find what is wrong with it before anyone relies on it.
    pub fn verify(&self) -> Result<(), String> {
        self.read().map(|_| ())
    }

    fn read(&self) -> Result<Vec<Known>, String> {
        if self.file.as_os_str().is_empty() {
            return Ok(Vec::new());
        }
        let name = self.file.display();
        let text = fs::read_to_string(&self.file).map_err(|error| format!("{name}: {error}"))?;
        let lines = (1..)
            .zip(text.lines())
            .map(|(number, line)| (number, line.split('#').next().unwrap_or_default().trim()));
        lines
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| {
                known(line).ok_or_else(|| {
                    format!("{name}:{number}: write NAME ROLE HASH as `tamis token NAME ROLE` prints it")
                })
            })
            .collect()
    }

    /// Who asks, where they may.
    pub(super) fn allow<T>(&self, request: &Request<T>, wanted: Role) -> Result<String, Status> {
        let known = self.read().map_err(|cause| {
            tracing::error!(cause, "the tokens cannot be read, changes are refused");
            denied("the server cannot read its tokens; its log says why")
        })?;
        if known.is_empty() {
            let near = request
                .extensions()
                .get::<Peer>()
                .is_some_and(|Peer(address)| address.ip().to_canonical().is_loopback());
            return if near {
                Ok("local".to_owned())
            } else {
                Err(denied(
                    "there are no tokens, so that changes are taken from this machine only; make one with `tamis token`",
                ))
            };
        }
        let header = request
            .metadata()
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")));
        let unauthenticated = |text| status(Code::Unauthenticated, ErrorReason::Unauthenticated, "", text);
        let token = token.ok_or_else(|| unauthenticated("send a token: `authorization: Bearer …`, or --token-file"))?;
        let hash = Self::hash(token.trim()).bytes();
        // Every line is compared, and every byte of it: how long it takes tells nothing.
        let mut found = None;
        for line in &known {
            if same(&line.hash.bytes(), &hash) {
                found = Some(line);
            }
        }
        let found = found.ok_or_else(|| unauthenticated("this token is not known"))?;
        if found.role < wanted {
            return Err(denied("the role of this token does not allow it"));
        }
        Ok(found.name.clone())
    }
}

fn denied(text: &str) -> Status {
    status(Code::PermissionDenied, ErrorReason::PermissionDenied, "", text)
}

fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    std::hint::black_box(a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b))) == 0
}

fn known(line: &str) -> Option<Known> {
    let [name, role, hash] = line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    // The rules for names keep what the log and the store print harmless.
    name.parse::<Name>().ok()?;
    let (_, role) = Role::WRITTEN.into_iter().find(|(written, _)| *written == role)?;
    Some(Known {
        name: name.to_owned(),
        role,
        hash: hash.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(token: Option<&str>, address: &str) -> Request<()> {
        let mut request = Request::new(());
        if let Some(token) = token {
            request
                .metadata_mut()
                .insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        request.extensions_mut().insert(Peer(address.parse().unwrap()));
        request
    }

    #[test]
    fn without_tokens_only_this_machine_may_change_anything() {
        let tokens = Tokens::default();
        assert_eq!(tokens.allow(&asked(None, "127.0.0.1:9"), Role::Admin).unwrap(), "local");
        assert_eq!(tokens.allow(&asked(None, "[::1]:9"), Role::Admin).unwrap(), "local");
        let refused = tokens.allow(&asked(None, "192.0.2.1:9"), Role::Edit).unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }

    #[test]
    fn with_tokens_everyone_needs_one_of_the_right_role() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens");
        let line = |name: &str, role: &str| format!("{name} {role} {}\n", Tokens::hash(name));
        fs::write(
            &file,
            format!("# ours\n{}{}", line("night", "admin"), line("lists", "edit")),
        )
        .unwrap();
        let tokens = Tokens::in_file(file.clone());
        let code = |token, role| {
            tokens
                .allow(&asked(token, "127.0.0.1:9"), role)
                .map_err(|status| status.code())
        };
        assert_eq!(code(Some("night"), Role::Admin), Ok("night".to_owned()));
        assert_eq!(code(Some("lists"), Role::Edit), Ok("lists".to_owned()));
        assert_eq!(code(Some("lists"), Role::Admin), Err(Code::PermissionDenied));
        assert_eq!(code(Some("nobody"), Role::Edit), Err(Code::Unauthenticated));
        assert_eq!(
            code(None, Role::Edit),
            Err(Code::Unauthenticated),
            "loopback is not enough any more"
        );
        fs::write(&file, "night admin\n").unwrap();
        assert!(tokens.verify().unwrap_err().contains("tokens:1"));
        assert_eq!(
            code(Some("night"), Role::Admin),
            Err(Code::PermissionDenied),
            "closed while it cannot be read"
        );
    }
}
