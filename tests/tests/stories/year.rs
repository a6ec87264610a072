//! A month in the life of reminders in many zones; the load driver lives through a year of it.

use ankle_core::store::Store;
use stories::load::year::{Lived, live};

#[tokio::test]
async fn complaints_1_to_4_every_civil_date_of_every_zone_has_its_post_once_whatever_befalls_us() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/year.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    // Thirty-eight days, from before the clocks change in America to after they have in Europe.
    let lived = live(store, 24, 38, 1).await.unwrap();
    let Lived {
        zones,
        expected,
        ends,
        stops,
        outages,
        ..
    } = lived;
    assert_eq!(
        (lived.missing, lived.doubled, lived.early),
        (vec![], vec![], 0)
    );
    assert_eq!(zones, 24);
    assert!(expected > 24 * 36, "{expected}");
    assert!(
        ends > 1 && stops > 1 && outages > 3,
        "{ends} {stops} {outages}"
    );
}
