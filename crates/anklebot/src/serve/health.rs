//! Whether the program does what it is there for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ankle_core::delivery::Pulse;
use ankle_core::face::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

/// What is watched.
pub struct Health {
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    faces: Mutex<Vec<(&'static str, Face)>>,
    loops: Mutex<Vec<Loop>>,
}

enum Face {
    /// It is being reached for the first time.
    Starting,
    /// It runs; this tells whether people reach it.
    Runs(Box<dyn Fn() -> bool + Send>),
    /// It has stopped.
    Gone,
}

struct Loop {
    name: String,
    pulse: Arc<Pulse>,
    patience: Option<SignedDuration>,
}

impl Health {
    /// Of a program that has just begun.
    pub fn new(clock: Arc<dyn Clock>, stop: CancellationToken) -> Self {
        Self {
            clock,
            stop,
            faces: Mutex::default(),
            loops: Mutex::default(),
        }
    }

    /// A face will be there.
    pub fn expects(&self, name: &'static str) {
        self.face(name, Face::Starting);
    }

    /// A face is there.
    pub fn runs(&self, name: &'static str, is_ready: impl Fn() -> bool + Send + 'static) {
        self.face(name, Face::Runs(Box::new(is_ready)));
    }

    /// A face has stopped.
    pub fn is_gone(&self, name: &'static str) {
        self.face(name, Face::Gone);
    }

    /// A loop runs. With patience, it is trouble if it does nothing for longer.
    pub fn watch(&self, name: &str, pulse: Arc<Pulse>, patience: Option<SignedDuration>) {
        let name = name.to_owned();
        lock(&self.loops).push(Loop {
            name,
            pulse,
            patience,
        });
    }

    /// What is wrong now, each in a few words. Nothing: the program is ready.
    pub fn troubles(&self) -> Vec<String> {
        if self.stop.is_cancelled() {
            return vec!["it is stopping".to_owned()];
        }
        let mut troubles = Vec::new();
        for (name, face) in lock(&self.faces).iter() {
            match face {
                Face::Starting => troubles.push(format!("{name} has not been reached yet")),
                Face::Gone => troubles.push(format!("{name} has stopped")),
                Face::Runs(is_ready) if !is_ready() => {
                    troubles.push(format!("{name} is not connected"));
                }
                Face::Runs(_) => {}
            }
        }
        let now = self.clock.now();
        for one in lock(&self.loops).iter() {
            if one
                .patience
                .is_some_and(|for_| one.pulse.is_still(now, for_))
            {
                troubles.push(format!("the loop {} stands still", one.name));
            }
        }
        troubles
    }

    /// Each face, and whether it is ready.
    pub fn faces(&self) -> Vec<(&'static str, bool)> {
        let is_ready = |face: &Face| matches!(face, Face::Runs(is_ready) if is_ready());
        let faces = lock(&self.faces);
        faces
            .iter()
            .map(|(name, face)| (*name, is_ready(face)))
            .collect()
    }

    /// Each loop, and when it last did its work. None while it rests.
    pub fn loops(&self) -> Vec<(String, Option<Timestamp>)> {
        let loops = lock(&self.loops);
        loops
            .iter()
            .map(|one| (one.name.clone(), one.pulse.last()))
            .collect()
    }

    fn face(&self, name: &'static str, face: Face) {
        let mut faces = lock(&self.faces);
        faces.retain(|(other, _)| *other != name);
        faces.push((name, face));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ankle_core::face::SimulatedClock;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn complaint_43_a_loop_that_stands_still_is_no_secret() {
        let clock = SimulatedClock::new("2026-11-24T10:00:00Z".parse().unwrap());
        let stop = CancellationToken::new();
        let health = Health::new(Arc::new(clock.clone()), stop.clone());
        let pulse = Arc::new(Pulse::new(clock.now()));
        health.watch(
            "falling",
            pulse.clone(),
            Some(SignedDuration::from_secs(30)),
        );
        health.watch("sweeping", Arc::new(Pulse::new(clock.now())), None);
        clock.advance(SignedDuration::from_secs(30));
        assert!(health.troubles().is_empty());
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!(health.troubles(), ["the loop falling stands still"]);
        pulse.beat(clock.now());
        assert!(health.troubles().is_empty());
        stop.cancel();
        assert_eq!(health.troubles(), ["it is stopping"]);
    }

    #[test]
    fn a_face_is_ready_when_people_reach_it() {
        let clock = SimulatedClock::new("2026-11-24T10:00:00Z".parse().unwrap());
        let health = Health::new(Arc::new(clock), CancellationToken::new());
        health.expects("Discord");
        assert_eq!(health.troubles(), ["Discord has not been reached yet"]);
        let connected = Arc::new(AtomicBool::new(true));
        let asked = connected.clone();
        health.runs("Discord", move || asked.load(Ordering::Relaxed));
        assert!(health.troubles().is_empty());
        connected.store(false, Ordering::Relaxed);
        assert_eq!(health.troubles(), ["Discord is not connected"]);
        health.is_gone("Discord");
        assert_eq!(health.troubles(), ["Discord has stopped"]);
        assert_eq!(health.faces(), [("Discord", false)]);
    }
}
