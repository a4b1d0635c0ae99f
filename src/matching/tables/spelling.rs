//! Which letters make pinyin: a tree of the syllables, and the automaton that reads runs of them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use super::syllable::{LONGEST, Syllable, letter_code, spellings};

/// For each code of a letter the node or state that it leads to; 0 where to none.
type Row = [u16; ROW];

/// More than there are codes of letters, and a power of two.
const ROW: usize = 32;

/// The syllables, letter by letter. Node 0 is none, node 1 the root.
pub(super) struct Tree {
    rows: Vec<Row>,
    syllables: Vec<Option<Syllable>>,
}

const ROOT: u16 = 1;

impl Tree {
    pub(super) fn get() -> &'static Self {
        static TREE: LazyLock<Tree> = LazyLock::new(Tree::new);
        &TREE
    }

    fn new() -> Self {
        let mut tree = Self {
            rows: vec![[0; ROW]; 2],
            syllables: vec![None; 2],
        };
        for (letters, syllable) in spellings() {
            let mut node = ROOT;
            for letter in letters {
                if tree.rows[usize::from(node)][letter] == 0 {
                    tree.rows[usize::from(node)][letter] = number(tree.rows.len());
                    tree.rows.push([0; ROW]);
                    tree.syllables.push(None);
                }
                node = tree.rows[usize::from(node)][letter];
            }
            tree.syllables[usize::from(node)] = Some(syllable);
        }
        tree
    }

    /// The syllables that begin the letters, the shortest first, each with its length.
    pub(super) fn beginning<'a>(&'a self, letters: &'a [char]) -> impl Iterator<Item = (u8, Syllable)> {
        let mut node = ROOT;
        let nodes = letters[..letters.len().min(LONGEST)].iter().map_while(move |&letter| {
            node = self.rows[usize::from(node)][letter_code(letter)];
            (node != 0).then_some(node)
        });
        let ends = move |(length, node): (u8, u16)| Some((length, self.syllables[usize::from(node)]?));
        (1..).zip(nodes).filter_map(ends)
    }
}

/// Reads letters one by one and says whether they are a run of syllables: the tree, with all ways to read them followed at once.
struct Runs {
    rows: Vec<Row>,
    whole: Vec<bool>,
}

impl Runs {
    fn get() -> &'static Self {
        static RUNS: LazyLock<Runs> = LazyLock::new(|| Runs::new(Tree::get()));
        &RUNS
    }

    /// Each state is the nodes of the tree where the ways to read the letters so far may stand.
    fn new(tree: &Tree) -> Self {
        let mut runs = Self {
            rows: vec![[0; ROW]; 2],
            whole: vec![false; 2],
        };
        let mut states = HashMap::from([(BTreeSet::from([ROOT]), ROOT)]);
        let mut open = vec![(BTreeSet::from([ROOT]), ROOT)];
        while let Some((nodes, state)) = open.pop() {
            for letter in 1..27 {
                let next = |&node: &u16| tree.rows[usize::from(node)][letter];
                let mut reached: BTreeSet<u16> = nodes.iter().map(next).filter(|&node| node != 0).collect();
                if reached.is_empty() {
                    continue;
                }
                let whole = reached.iter().any(|&node| tree.syllables[usize::from(node)].is_some());
                if whole {
                    reached.insert(ROOT);
                }
                let to = *states.entry(reached.clone()).or_insert_with(|| {
                    let to = number(runs.rows.len());
                    runs.rows.push([0; ROW]);
                    runs.whole.push(whole);
                    open.push((reached, to));
                    to
                });
                runs.rows[usize::from(state)][letter] = to;
            }
        }
        runs
    }
}

/// True where the letters, at least one, are wholly syllables. O(letters), a look-up each; most English words end it early.
#[inline]
pub(crate) fn is_spelt(letters: &[char]) -> bool {
    let runs = Runs::get();
    let step = |state: u16, &letter: &char| match runs.rows[usize::from(state)][letter_code(letter)] {
        0 => None,
        next => Some(next),
    };
    let end = letters.iter().try_fold(ROOT, step);
    end.is_some_and(|state| runs.whole[usize::from(state)])
}

/// Nodes and states are a few hundred.
fn number(count: usize) -> u16 {
    u16::try_from(count).unwrap_or_default()
}
