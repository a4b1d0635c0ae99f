//! What can go wrong in the store.

use std::{fmt, time::Duration};

/// Why the store did not do what it was asked. Nothing that it has acknowledged is ever lost by one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The place behind the store failed; whether a write happened is not known. Try again.
    Away {
        /// What was done: `read`, `write`, `list`, `delete`.
        operation: &'static str,
        /// The object.
        path: String,
        /// What the place says.
        cause: String,
    },
    /// The place behind the store did not answer in time; whether a write happened is not known. Try again.
    Stalled {
        /// What was done.
        operation: &'static str,
        /// The object.
        path: String,
        /// How long was waited.
        patience: Duration,
    },
    /// Writing would exceed the limit, and nothing more may be collected.
    Full {
        /// Bytes held.
        held: u64,
        /// Bytes asked for.
        asked: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// There is no such object.
    Missing {
        /// The object.
        path: String,
    },
    /// The object is not what was written: torn, changed, or no object of this store at all. It is never used.
    Corrupt {
        /// The object.
        path: String,
        /// What does not fit.
        cause: String,
    },
    /// The object was written by a newer version of this program.
    Newer {
        /// The object.
        path: String,
        /// Its version.
        found: u32,
        /// The newest version that is understood here.
        known: u32,
    },
    /// Someone else claimed this generation.
    Claimed {
        /// The generation.
        generation: u64,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away { operation, path, cause } => write!(f, "the store failed to {operation} {path}: {cause}"),
            Self::Stalled {
                operation,
                path,
                patience,
            } => {
                write!(
                    f,
                    "the store did not {operation} {path} within {} ms",
                    patience.as_millis()
                )
            }
            Self::Full { held, asked, limit } => write!(
                f,
                "the store holds {held} bytes of {limit}, {asked} more do not fit; raise `store.max_bytes` or keep revisions for fewer days"
            ),
            Self::Missing { path } => write!(f, "the store has no {path}"),
            Self::Corrupt { path, cause } => {
                let mend = if path.starts_with("revisions/") {
                    "push that revision again"
                } else {
                    "copy it from a backup"
                };
                write!(f, "{path} in the store is damaged and is not used: {cause}; {mend}")
            }
            Self::Newer { path, found, known } => write!(
                f,
                "{path} has format version {found}, this program understands up to {known}; run the newer program again, or give this one another folder"
            ),
            Self::Claimed { generation } => {
                write!(
                    f,
                    "generation {generation} was claimed by another writer; read the state again and repeat"
                )
            }
        }
    }
}

impl std::error::Error for StoreError {}
