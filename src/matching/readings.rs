//! The ways to read a text: the streams besides its open one in which a disguised term may stand.

use super::{
    feed::{Fed, Feed},
    pinyin,
    rewrite::VARIANTS,
    skeleton::Skeleton,
};
use crate::text::Folded;

/// What the symbols of a reading are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Those of the text, perhaps rewritten, without separators and repetitions.
    Skeleton,
    /// Syllables.
    Sound,
}

/// Room for readings, reused from message to message.
#[derive(Debug, Default)]
pub(crate) struct Room {
    skeleton: Skeleton,
    syllables: Skeleton,
}

impl Feed {
    /// Calls `each` with every reading that a text feeds; masked tokens are none. O(symbols).
    pub(crate) fn read(
        &self,
        folded: &Folded,
        fed: Fed,
        Room { skeleton, syllables }: &mut Room,
        mut each: impl FnMut(Reading, &Skeleton),
    ) {
        if fed.skeleton {
            skeleton.read(folded);
            each(Reading::Skeleton, skeleton);
        }
        let mut sound = |skeleton: &Skeleton, each: &mut dyn FnMut(Reading, &Skeleton)| {
            pinyin::read(folded, skeleton.pieces(), syllables);
            if self.sounds(syllables) {
                each(Reading::Sound, syllables);
            }
        };
        let mut variants = if fed.rewritten { 0..VARIANTS } else { 0..0 };
        while let Some(variant) = variants.next() {
            if !self.rewrite(folded, variant, skeleton) {
                variants = 0..0;
            }
            each(Reading::Skeleton, skeleton);
            if fed.syllables && skeleton.pieces().iter().any(pinyin::is_rewritten_hanzi) {
                sound(skeleton, &mut each);
            }
        }
        if fed.syllables {
            skeleton.clear();
            sound(skeleton, &mut each);
        }
    }
}
