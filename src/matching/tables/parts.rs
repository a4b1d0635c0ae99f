//! What a hanzi is made of: the ways to write it as its parts.

include!(concat!(env!("OUT_DIR"), "/evasion_parts.rs"));

/// The ways to write a hanzi as 2 to 4 parts, each a folded symbol, the curated ones first; none where nothing is known.
pub(crate) fn decompositions(c: char) -> impl Iterator<Item = &'static [char]> {
    let ways = WHOLES
        .binary_search(&c)
        .map_or(0..0, |at| WAYS_AT[at] as usize..WAYS_AT[at + 1] as usize);
    ways.map(|way| &PARTS[PARTS_AT[way] as usize..PARTS_AT[way + 1] as usize])
}

#[cfg(test)]
mod tests {
    use super::super::coverage::folds_to_itself;
    use super::*;

    fn ways(c: char) -> Vec<String> {
        decompositions(c).map(|parts| parts.iter().collect()).collect()
    }

    #[test]
    fn everyday_decompositions_are_known() {
        for (c, expected) in [
            ('法', "氵去"),
            ('法', "三去"),
            ('你', "亻尔"),
            ('妈', "女马"),
            ('说', "讠兑"),
            ('说', "言兑"),
            ('弹', "弓单"),
            ('操', "扌喿"),
            ('杨', "木易"),
            ('鸡', "又鸟"),
            ('信', "人言"),
            ('微', "彳山几攵"),
            ('轮', "车仑"),
            ('功', "工力"),
            ('赌', "贝者"),
            ('骂', "口口马"),
        ] {
            assert!(
                ways(c).iter().any(|way| way == expected),
                "{c} = {expected}: {:?}",
                ways(c)
            );
        }
    }

    #[test]
    fn the_rest_has_none() {
        for c in ['a', '一', '3', '😀', 'か'] {
            assert_eq!(ways(c), [""; 0], "{c}");
        }
    }

    #[test]
    fn everyday_writing_is_no_way_to_write_a_hanzi() {
        for (c, everyday) in [('三', "一二"), ('卡', "上下"), ('他', "人也"), ('问', "门口")] {
            assert!(!ways(c).contains(&everyday.to_owned()), "{c}: {:?}", ways(c));
        }
        assert!(
            ways('好').contains(&"女子".to_owned()),
            "a word too, but more often a disguise"
        );
    }

    #[test]
    fn every_part_is_one_folded_symbol_and_every_way_stands_once() {
        assert!(WHOLES.is_sorted_by(|a, b| a < b));
        for &c in &WHOLES {
            let mut unique = ways(c);
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), ways(c).len(), "{c}");
            for parts in decompositions(c) {
                assert!((2..=4).contains(&parts.len()), "{c} {parts:?}");
                assert!(!parts.contains(&c), "{c} {parts:?}");
            }
        }
        let unfolded: Vec<_> = WHOLES
            .iter()
            .chain(&PARTS)
            .filter(|&&part| !folds_to_itself(part))
            .collect();
        assert!(unfolded.is_empty(), "{unfolded:?}");
    }
}
