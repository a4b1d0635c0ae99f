//! The texts of a batch as they may be read under a disguise, side by side, so that one scan tells which of them may hide a term.

use std::ops::Range;

use super::{entry::Form, segment::Segment};
use crate::{
    matching::{Fed, Found, Room, joined, marks::Marks},
    text::{Class, Folded, TEXT_END},
};

/// See the module's text. Reused from batch to batch.
#[derive(Debug, Default)]
pub(super) struct Streams {
    symbols: Vec<char>,
    /// For each symbol its index among the folded ones: of the first, where it stood repeatedly.
    origins: Vec<u32>,
    /// For each symbol what is to be known of it.
    notes: Vec<Notes>,
    all: Vec<Stream>,
    found: Vec<Found>,
    /// One text by itself, and its readings.
    text: Folded,
    room: Room,
}

/// What is to be known of a symbol of a stream.
#[derive(Clone, Copy, Debug, Default)]
struct Notes {
    /// A term may begin and end at it, whatever stands beside it.
    free: bool,
    /// It is not what the text has there: it stands repeatedly, or is read otherwise.
    changed: bool,
    /// In the text a separator stands before it.
    apart: bool,
}

#[derive(Debug)]
struct Stream {
    /// The number of its text in the batch.
    text: usize,
    form: Form,
    /// Where it ends.
    end: usize,
}

impl Streams {
    /// Forgets the streams of the last batch.
    pub(super) fn clear(&mut self) {
        self.symbols.clear();
        self.origins.clear();
        self.notes.clear();
        self.all.clear();
    }

    /// Adds the text at a place of the batch as [`Skeleton::read`](crate::matching::Skeleton::read) reads it; `blocks` are its marks.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "batches are limited to far less than 4 GiB"
    )]
    pub(super) fn add_skeleton(
        &mut self,
        text: usize,
        symbols: &[char],
        blocks: impl Iterator<Item = (usize, Marks)>,
        place: Range<usize>,
    ) {
        let mut after_word = false;
        for (block, marks) in blocks {
            let mut words = marks.word;
            while words != 0 {
                // As many as stand side by side, up to one that is the same as the one before it.
                let first = words.trailing_zeros();
                let solid = (words >> first).trailing_ones();
                let distinct = (marks.same >> first >> 1).trailing_zeros() + 1;
                let end = first + solid.min(distinct);
                let touches = if first == 0 {
                    after_word
                } else {
                    marks.word >> (first - 1) & 1 != 0
                };
                let run = place.start + block + first as usize..place.start + block + end as usize;
                self.add_run(symbols, run, !touches);
                words &= u64::MAX.unbounded_shl(end);
            }
            after_word = marks.word >> 63 != 0;
        }
        self.end(text, Form::Skeleton, place.end as u32);
    }

    /// Adds symbols that stand side by side in the batch, of which none but the first may be the same as the one before; `apart` where a
    /// separator stands before them.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "batches are limited to far less than 4 GiB"
    )]
    fn add_run(&mut self, symbols: &[char], mut run: Range<usize>, apart: bool) {
        let first = self.symbols.len();
        let repeats = self.symbols.last() == Some(&symbols[run.start]);
        run.start += usize::from(repeats);
        self.symbols.extend_from_slice(&symbols[run.clone()]);
        self.origins.extend(run.start as u32..run.end as u32);
        self.notes.resize(self.symbols.len(), Notes::default());
        if repeats {
            let notes = &mut self.notes[first - 1];
            notes.changed = true;
            // Between repetitions that are parted a term may begin and end.
            notes.free |= apart;
        } else {
            self.notes[first].apart = apart;
        }
    }

    /// Adds what else a text of the batch feeds. True where it has a masked or misspelt token that may be a word.
    pub(super) fn add_readings(
        &mut self,
        text: usize,
        folded: &Folded,
        symbols: Range<usize>,
        segment: &Segment,
        (fed, parts): (Fed, bool),
    ) -> bool {
        self.text.copy(folded, symbols);
        let fed = segment.feed.look(fed, parts, &self.text);
        let (alone, mut room) = (std::mem::take(&mut self.text), std::mem::take(&mut self.room));
        segment.feed.read(&alone, fed, &mut room, |reading, stream| {
            self.symbols.extend(stream.symbols());
            self.origins.resize(self.symbols.len(), 0);
            self.notes.extend(stream.rewritten().map(|changed| Notes {
                free: true,
                changed,
                apart: false,
            }));
            self.end(text, reading.into(), 0);
        });
        let mut masked = false;
        if fed.masked {
            segment.feed.masks.find(&alone, |_, _, _| masked = true);
        }
        let mut misspelt = false;
        if fed.misspelt {
            segment.feed.misspellings.find(&alone, |_, _| misspelt = true);
        }
        (self.text, self.room) = (alone, room);
        masked || misspelt
    }

    /// Ends a stream by a border, which no pattern without separators holds.
    fn end(&mut self, text: usize, form: Form, origin: u32) {
        self.symbols.push(TEXT_END);
        self.origins.push(origin);
        self.notes.push(Notes::default());
        self.all.push(Stream {
            text,
            form,
            end: self.symbols.len(),
        });
    }

    /// Calls `suspect` with the number of each text in which a term of the segment may stand. `classes` are those of the batch.
    pub(super) fn scan(&mut self, segment: &Segment, classes: &[Class], mut suspect: impl FnMut(usize)) {
        if self.all.is_empty() {
            return;
        }
        let (notes, origins) = (&self.notes, &self.origins);
        let broken = |at: usize, symbol: usize| !notes[symbol].free && joined(classes, origins[at] as usize);
        // What the text says just so was found there; here only what is changed or parted counts.
        let evaded = |start: usize, end: usize| {
            let apart = notes[start + 1..end].iter().any(|notes| notes.apart);
            apart || notes[start..end].iter().any(|notes| notes.changed)
        };
        // Inside a word no term begins, if those of Latin letters begin with words.
        let of_words = segment.feed.is_of_words();
        let may_start = |at: usize| !of_words || classes[origins[at] as usize] != Class::Latin || !broken(at, at);
        self.found.clear();
        segment.engine.scan_starts(&self.symbols, &may_start, &mut self.found);
        for &Found { start, end, pattern } in &self.found {
            let stream = self.all.partition_point(|stream| stream.end <= start as usize);
            let &Stream { text, form, .. } = &self.all[stream];
            let (start, end) = (start as usize, end as usize);
            if evaded(start, end) && segment.may_stand(pattern, form, || broken(start, start), || broken(end, end - 1))
            {
                suspect(text);
            }
        }
    }
}
