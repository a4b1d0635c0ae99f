//! Shares with their intervals.

use serde::Serialize;

/// The quantile of the normal distribution for 95 % intervals.
const Z: f64 = 1.959_963_984_540_054;

/// A count out of a total, with the Wilson score interval of the share at 95 %: right also for shares near 0 and 1 and for small
/// totals, where the textbook interval is not.
///
/// ```
/// let share = tamis::eval::Share::new(1, 10);
/// assert_eq!((share.share, share.low, share.high), (0.1, 0.017876, 0.404150));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
    /// The share; 0 out of nothing. Rounded, as the bounds are, to 6 decimals.
    pub share: f64,
    /// The lower bound of the interval.
    pub low: f64,
    /// The upper bound of the interval.
    pub high: f64,
}

impl Share {
    /// The share of `count` out of `of`.
    #[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^52")]
    pub fn new(count: u64, of: u64) -> Self {
        if of == 0 {
            return Self {
                high: 1.0,
                ..Self::default()
            };
        }
        let (n, share) = (of as f64, count as f64 / of as f64);
        let denominator = 1.0 + Z * Z / n;
        let centre = (share + Z * Z / (2.0 * n)) / denominator;
        let half = Z / denominator * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Self {
            count,
            of,
            share: rounded(share),
            low: rounded((centre - half).max(0.0)),
            high: rounded((centre + half).min(1.0)),
        }
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_agree_with_published_values() {
        // Newcombe 1998, table I, method 3 (score, no continuity correction), to four decimals.
        for (count, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let share = Share::new(count, of);
            assert!((share.low - low).abs() < 6e-5, "{share:?}");
            assert!((share.high - high).abs() < 6e-5, "{share:?}");
        }
    }

    #[test]
    fn nothing_out_of_nothing_may_be_anything() {
        let share = Share::new(0, 0);
        assert_eq!((share.share, share.low, share.high), (0.0, 0.0, 1.0));
    }

    #[test]
    fn all_of_them_reach_one() {
        assert!(Share::new(50, 50).high > 0.999_999);
    }
}
