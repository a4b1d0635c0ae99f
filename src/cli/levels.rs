//! Flags whose values are levels, as the files write them.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::dictionary::Tolerance;

/// `exact`, `folded`, `standard` or `aggressive`.
pub(super) fn tolerance() -> impl TypedValueParser<Value = Tolerance> {
    PossibleValuesParser::new(Tolerance::WRITTEN).map(|written| written.parse().unwrap_or_default())
}
