//! The streams that engines scan: the symbols of a folded text as a plane wants to see them, and where each came from.

use crate::{
    simd::{self, Level},
    text::Folded,
};

/// The folded stream: the symbols of a text with every run of white space read as one space, so that a space inside a term matches
/// any run. Reused from message to message.
#[derive(Debug, Default)]
pub struct Stream {
    symbols: Vec<char>,
    /// For each symbol its index in the folded text, then the folded length. Unused while `borrowed`.
    origins: Vec<u32>,
}

impl Stream {
    /// Reads a folded text. Returns the symbols to scan; a text without runs of white space is not copied.
    pub fn read<'a>(&'a mut self, folded: &'a Folded) -> (&'a [char], Origins<'a>) {
        let symbols = folded.symbols();
        if squeezed(symbols).is_none() {
            return (symbols, Origins(None));
        }
        self.symbols.clear();
        self.origins.clear();
        let mut after_space = false;
        for (at, &symbol) in (0..).zip(symbols) {
            let space = symbol.is_whitespace();
            if !(space && after_space) {
                self.symbols.push(if space { ' ' } else { symbol });
                self.origins.push(at);
            }
            after_space = space;
        }
        (&self.symbols, Origins(Some(&self.origins)))
    }
}

/// Where the first white space is that is no single space, so that the stream of these symbols is not these symbols; of several spaces
/// side by side, the second.
pub fn squeezed(symbols: &[char]) -> Option<usize> {
    simd::squeezed(Level::current(), symbols)
}

/// The same, symbol by symbol.
pub(crate) fn squeezed_scalar(symbols: &[char]) -> Option<usize> {
    let odd = |code: u32| ODD.iter().any(|odd| odd.contains(&code));
    let mut after_space = false;
    symbols.iter().position(|&symbol| {
        let doubled = symbol == ' ' && after_space;
        after_space = symbol == ' ';
        doubled || odd(u32::from(symbol))
    })
}

/// The white space besides the plain one that a fold leaves.
pub(crate) const ODD: [std::ops::Range<u32>; 4] = [9..14, 0x85..0x86, 0x1680..0x1681, 0x2028..0x202A];

/// The way back from a stream's positions to those of the folded text.
#[derive(Clone, Copy, Debug)]
pub struct Origins<'a>(Option<&'a [u32]>);

impl Origins<'_> {
    /// True where the stream's symbols are not those of the folded text.
    pub(crate) fn differ(self) -> bool {
        self.0.is_some()
    }

    /// The range of folded symbols that the non-empty range of stream symbols came from.
    pub fn range(self, start: u32, end: u32) -> (u32, u32) {
        match self.0 {
            None => (start, end),
            Some(origins) => (origins[start as usize], origins[end as usize - 1] + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn read(text: &str) -> (String, Vec<(u32, u32)>) {
        let mut folded = Folded::default();
        fold(text, &mut folded);
        let mut stream = Stream::default();
        let (symbols, origins) = stream.read(&folded);
        let ranges = (0..).zip(symbols).map(|(i, _)| origins.range(i, i + 1)).collect();
        (symbols.iter().collect(), ranges)
    }

    #[test]
    fn a_run_of_white_space_reads_as_one_space() {
        let (symbols, ranges) = read("a \n\tb");
        assert_eq!(symbols, "a b");
        assert_eq!(ranges, [(0, 1), (1, 2), (4, 5)]);
    }

    #[test]
    fn a_lone_line_break_reads_as_a_space_too() {
        assert_eq!(read("a\nb").0, "a b");
        assert_eq!(read("\nb").0, " b");
    }

    #[test]
    fn every_white_space_that_a_fold_leaves_is_known() {
        let mut folded = Folded::default();
        for c in ('\0'..=char::MAX).filter(|c| c.is_whitespace()) {
            fold(&c.to_string(), &mut folded);
            let odd = |symbol: &char| *symbol != ' ' && symbol.is_whitespace();
            for level in Level::available() {
                let found = simd::squeezed(level, folded.symbols());
                assert_eq!(
                    found,
                    folded.symbols().iter().position(odd),
                    "{level}, U+{:04X}",
                    c as u32
                );
            }
        }
    }

    #[test]
    fn double_spaces_are_seen_wherever_they_stand() {
        for (length, at) in (2..70).flat_map(|length| (0..length - 1).map(move |at| (length, at))) {
            let mut symbols = vec!['a'; length];
            symbols[at] = ' ';
            for level in Level::available() {
                assert_eq!(simd::squeezed(level, &symbols), None);
            }
            symbols[at + 1] = ' ';
            for level in Level::available() {
                assert_eq!(simd::squeezed(level, &symbols), Some(at + 1), "{level}, {length}");
            }
        }
    }

    #[test]
    fn ordinary_text_is_scanned_as_it_is() {
        assert_eq!(read("a b c"), ("a b c".into(), (0..5).map(|i| (i, i + 1)).collect()));
    }
}
