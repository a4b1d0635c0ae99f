//! What lies on a disk: revisions, the activation log, last known good; and the folders that people write.
//!
//! What lives here: objects that are verified whenever they are read, the log's rules as pure functions, garbage collection, reading
//! folders of dictionaries and policies. What must not: what any file means (the parsers say that), and what serves (the registry
//! does). Only this room knows `object_store`. The layout is in docs/store.md.

mod archive;
mod collect;
mod durable;
mod entry;
mod error;
mod folder;
mod hold;
mod object;
mod objects;
pub mod plan;
mod renew;

pub use crate::content::Loaded;
pub use archive::files_of;
pub use collect::Collected;
pub use durable::{Settings, Store};
pub use entry::{About, Active, ActiveSet, Edit, Entry, Kind, Revision, Sort, Time};
pub use error::StoreError;
pub use folder::{load, load_with, read_folder, read_tree};
pub use hold::hold;
