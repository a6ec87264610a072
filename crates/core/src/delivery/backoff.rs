use jiff::SignedDuration;

/// The first wait, and the longest.
const FIRST: SignedDuration = SignedDuration::from_secs(2);
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// How long to wait before the next try: two seconds, doubling to five minutes, and up to a quarter
/// more, so that what failed together does not come back together. The same seed, row and attempt give
/// the same wait.
pub(super) fn wait(seed: u64, id: i64, attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let wait = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    let key = seed ^ id.cast_unsigned().rotate_left(32) ^ attempts.cast_unsigned();
    let more = i64::try_from(mix(key) % 256).unwrap_or(0);
    SignedDuration::from_millis(millis + millis / 4 * more / 256)
}

/// The finaliser of `SplitMix64`: neighbours come out far apart.
fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_a_quarter() {
        for (attempts, least) in [(1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (99, 300)] {
            let least = SignedDuration::from_secs(least);
            for id in 0..50 {
                let wait = wait(7, id, attempts);
                assert!(
                    wait >= least && wait <= least + least / 4,
                    "{attempts}: {wait}"
                );
            }
        }
    }

    #[test]
    fn what_failed_together_does_not_come_back_together() {
        let waits: std::collections::BTreeSet<_> = (0..100).map(|id| wait(7, id, 9)).collect();
        assert!(waits.len() > 60, "{}", waits.len());
        assert_eq!(wait(7, 5, 3), wait(7, 5, 3));
    }
}
