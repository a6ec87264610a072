//! Everything that is counted, in one place.

use std::fmt::{Display, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ankle_core::command::{Requests, Times};
use ankle_core::delivery::{Falls, Figures};
use jiff::SignedDuration;

use super::health::Health;

/// What is counted, by whom.
pub struct Books {
    requests: Arc<Requests>,
    sending: Mutex<Vec<(&'static str, Arc<Figures>)>>,
    faces: Mutex<Vec<(&'static str, Count)>>,
    falling: Mutex<Arc<Falls>>,
}

/// Tells what a face has counted: name, meaning, value.
type Count = Box<dyn Fn() -> Vec<(&'static str, &'static str, u64)> + Send>;

impl Books {
    /// Of a program that has just begun.
    pub fn new(requests: Arc<Requests>) -> Self {
        Self {
            requests,
            sending: Mutex::default(),
            faces: Mutex::default(),
            falling: Mutex::default(),
        }
    }

    /// A sender counts.
    pub fn sends(&self, platform: &'static str, figures: Arc<Figures>) {
        lock(&self.sending).push((platform, figures));
    }

    /// What falls due is counted.
    pub fn falls(&self, falls: Arc<Falls>) {
        *lock(&self.falling) = falls;
    }

    /// How many posts were too late already when they fell due.
    pub fn missed(&self) -> u64 {
        lock(&self.falling).missed()
    }

    /// A face counts.
    pub fn counts(&self, face: &'static str, count: Count) {
        lock(&self.faces).push((face, count));
    }

    /// What is counted of requests.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// What is counted of sending, by platform.
    pub fn sending(&self) -> Vec<Arc<Figures>> {
        let sending = lock(&self.sending);
        sending.iter().map(|(_, figures)| figures.clone()).collect()
    }

    /// What the faces have counted under a name, together.
    pub fn of_faces(&self, name: &str) -> u64 {
        let faces = lock(&self.faces);
        let all = faces.iter().flat_map(|(_, count)| count());
        all.filter(|(other, ..)| *other == name)
            .map(|(.., n)| n)
            .sum()
    }

    /// All of it, as Prometheus reads it.
    pub fn page(&self, health: &Health) -> String {
        let mut page = Page::default();
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        page.gauge("build_info", "Which version runs.", &version, 1);
        let ready = u8::from(health.troubles().is_empty());
        page.gauge("ready", "Whether all of it works.", &[], ready);
        for (face, ready) in health.faces() {
            let labels = [("face", face)];
            let help = "Whether people reach the face.";
            page.gauge("face_ready", help, &labels, u8::from(ready));
        }
        for (name, last) in health.loops() {
            // Prometheus takes what is not there for what it is: nothing is expected of the loop.
            if let Some(last) = last {
                let labels = [("loop", name.as_str())];
                let help = "When the loop last did its work.";
                let seconds = seconds(SignedDuration::from_millis(last.as_millisecond()));
                page.gauge("loop_last_run_timestamp_seconds", help, &labels, seconds);
            }
        }
        let requests = &self.requests;
        for (name, help, n) in [
            (
                "answered",
                "Requests that were answered.",
                requests.answered(),
            ),
            (
                "not_saved",
                "Requests that the database did not take.",
                requests.not_saved(),
            ),
            (
                "panics",
                "Requests whose handler panicked.",
                requests.panics(),
            ),
        ] {
            page.counter(&format!("requests_{name}_total"), help, &[], n);
        }
        for (why, n) in requests.refused_presses() {
            let help = "Presses that did nothing, by the reason.";
            let labels = [("reason", why.word())];
            page.counter("requests_refused_presses_total", help, &labels, n);
        }
        let help = "How long answers took, from the request to what is to be said.";
        let times = (requests.times(), requests.total());
        page.histogram("request_duration_seconds", help, &[], times);
        let help = "Posts that were too late already when they fell due.";
        page.counter("delivery_missed_total", help, &[], self.missed());
        let help = "Posts that were not tried, for their rooms have long been lost.";
        let left_out = lock(&self.falling).left_out();
        page.counter("delivery_left_out_total", help, &[], left_out);
        for (platform, figures) in lock(&self.sending).iter() {
            let labels = [("platform", *platform)];
            for (name, help, n) in figures.all() {
                page.counter(&format!("delivery_{name}_total"), help, &labels, n);
            }
            let late = (figures.lateness(), figures.total_lateness());
            page.histogram(
                "delivery_lateness_seconds",
                "How late posts were.",
                &labels,
                late,
            );
        }
        for (face, count) in lock(&self.faces).iter() {
            for (name, help, n) in count() {
                page.counter(&format!("{face}_{name}_total"), help, &[], n);
            }
        }
        page.text()
    }
}

/// A page for Prometheus. All values of a name stand together, whoever adds them.
#[derive(Default)]
struct Page {
    families: Vec<Family>,
}

struct Family {
    name: String,
    head: String,
    values: String,
}

type Labels<'a> = [(&'a str, &'a str)];

impl Page {
    fn gauge(&mut self, name: &str, help: &str, labels: &Labels<'_>, value: impl Display) {
        self.add((name, "gauge", help), "", labels, value);
    }

    fn counter(&mut self, name: &str, help: &str, labels: &Labels<'_>, value: u64) {
        self.add((name, "counter", help), "", labels, value);
    }

    fn histogram(
        &mut self,
        name: &str,
        help: &str,
        labels: &Labels<'_>,
        (classes, total): (Times, SignedDuration),
    ) {
        let kind = (name, "histogram", help);
        let mut count = 0;
        for (bound, n) in classes {
            count += n;
            let bound = bound.map_or_else(|| "+Inf".to_owned(), |bound| seconds(bound).to_string());
            let labels: Vec<_> = labels.iter().copied().chain([("le", &*bound)]).collect();
            self.add(kind, "_bucket", &labels, count);
        }
        self.add(kind, "_sum", labels, seconds(total));
        self.add(kind, "_count", labels, count);
    }

    fn add(
        &mut self,
        (name, kind, help): (&str, &str, &str),
        suffix: &str,
        labels: &Labels<'_>,
        value: impl Display,
    ) {
        let known = self.families.iter().position(|family| family.name == name);
        let at = known.unwrap_or_else(|| {
            let help = help.trim();
            self.families.push(Family {
                name: name.to_owned(),
                head: format!("# HELP anklebot_{name} {help}\n# TYPE anklebot_{name} {kind}\n"),
                values: String::new(),
            });
            self.families.len() - 1
        });
        let labels: Vec<_> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{value}\""))
            .collect();
        let labels = match &*labels {
            [] => String::new(),
            some => format!("{{{}}}", some.join(",")),
        };
        // Writing into a string does not fail.
        let _ = writeln!(
            self.families[at].values,
            "anklebot_{name}{suffix}{labels} {value}"
        );
    }

    fn text(self) -> String {
        let families = self.families.into_iter();
        families
            .map(|family| family.head + &family.values)
            .collect()
    }
}

fn seconds(duration: SignedDuration) -> f64 {
    duration.as_secs_f64()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_name_stand_together_under_one_head() {
        let mut page = Page::default();
        page.counter("posts_total", "Posts.", &[("platform", "a")], 1);
        page.gauge("ready", "Ready.", &[], 1);
        page.counter("posts_total", "Posts.", &[("platform", "b")], 2);
        assert_eq!(
            page.text(),
            "# HELP anklebot_posts_total Posts.\n# TYPE anklebot_posts_total counter\n\
             anklebot_posts_total{platform=\"a\"} 1\nanklebot_posts_total{platform=\"b\"} 2\n\
             # HELP anklebot_ready Ready.\n# TYPE anklebot_ready gauge\nanklebot_ready 1\n"
        );
    }

    #[test]
    fn the_classes_of_a_histogram_add_up() {
        let mut page = Page::default();
        let bound = |millis| Some(SignedDuration::from_millis(millis));
        let classes = vec![(bound(100), 2), (bound(1_500), 1), (None, 1)];
        let total = SignedDuration::from_millis(9_250);
        page.histogram("late_seconds", "Late.", &[], (classes, total));
        let text = page.text();
        let values: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            values,
            [
                "anklebot_late_seconds_bucket{le=\"0.1\"} 2",
                "anklebot_late_seconds_bucket{le=\"1.5\"} 3",
                "anklebot_late_seconds_bucket{le=\"+Inf\"} 4",
                "anklebot_late_seconds_sum 9.25",
                "anklebot_late_seconds_count 4",
            ]
        );
    }
}
