//! The evasion planes: by which transformations a text led to a term, and what each costs.

use serde::{Serialize, Serializer};

/// One transformation. In rising order of what ties prefer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Plane {
    /// The text folds to the term, but its code points differ.
    Folded,
}

/// A set of planes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Planes(u16);

impl Planes {
    const ALL: [Plane; 1] = [Plane::Folded];

    /// The planes of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Plane> {
        Self::ALL
            .into_iter()
            .filter(move |&plane| self.0 & (1 << plane as u8) != 0)
    }

    /// The set with one more.
    #[must_use]
    pub fn with(self, plane: Plane) -> Self {
        Self(self.0 | 1 << plane as u8)
    }
}

impl Plane {
    /// The plane's name in replies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Folded => "folded",
        }
    }
}

impl Serialize for Planes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}
