//! Every limit in one place, each with its unit and its reason.

/// Longest message text, in bytes: far above any chat message; keeps the time of one check bounded.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Most messages in one request: at 68 ns a message a full batch still takes well under a millisecond of parsing.
pub const MAX_BATCH_MESSAGES: usize = 1_024;

/// Largest request of the check calls, in bytes: the decoder reserves what a frame claims, so the claim must be bounded.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// Most terms in one dictionary.
pub const MAX_TERMS: usize = 1_000_000;

/// Longest term, in folded symbols: bounds the look-behind of every engine.
pub const MAX_TERM_SYMBOLS: usize = 256;

/// Most triggers that one verdict reports; the verdict itself uses all.
pub const MAX_TRIGGERS: usize = 16;

/// Most matches that one trigger reports; the verdict itself uses all.
pub const MAX_MATCHES: usize = 64;

/// Largest dictionary or policy folder, in bytes.
pub const MAX_PUSH_BYTES: u64 = 256 * 1024 * 1024;
