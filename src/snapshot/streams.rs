//! The texts of a batch as they may be read under a disguise, side by side, so that one scan tells which of them may hide a term.

use std::ops::Range;

use super::{entry::Form, segment::Segment};
use crate::{
    matching::{Fed, Found, Room, joined},
    text::{Class, Folded},
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

    /// Adds a text as [`Skeleton::read`](crate::matching::Skeleton::read) reads it. Its symbols stand from `from` on in the batch.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "batches are limited to far less than 4 GiB"
    )]
    pub(super) fn add_skeleton(&mut self, text: usize, symbols: &[char], classes: &[Class], from: usize) {
        let start = self.symbols.len();
        let mut before = 0;
        for (at, (&symbol, _)) in symbols
            .iter()
            .zip(classes)
            .enumerate()
            .filter(|(_, (_, class))| class.is_word())
        {
            let apart = at > before + 1;
            if self.symbols.len() == start || self.symbols.last() != Some(&symbol) {
                self.symbols.push(symbol);
                self.origins.push((from + at) as u32);
                self.notes.push(Notes {
                    apart,
                    ..Notes::default()
                });
            } else if let Some(notes) = self.notes.last_mut() {
                notes.changed = true;
                // Between repetitions that are parted a term may begin and end.
                notes.free |= apart;
            }
            before = at;
        }
        self.end(text, Form::Skeleton, (from + symbols.len()) as u32);
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
        self.symbols.push('\0');
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
