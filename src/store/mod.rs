//! What lies on a disk.
//!
//! What lives here: reading folders of dictionaries and policies; later the revisions and the activation log. What must not: what
//! any file means (the parsers of dictionaries and policies say that), and what serves.

mod folder;

pub use crate::content::Loaded;
pub use folder::{load, load_with, read_folder, read_tree};
