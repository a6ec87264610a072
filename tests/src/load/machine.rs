//! What the system says of a process and of the disk. It is read from `/proc`, which needs neither
//! `unsafe` nor a crate.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::LoadError;
use super::figures::Latencies;

/// CPU time that this process has used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cpu {
    pub(super) user: Duration,
    pub(super) system: Duration,
}

impl Cpu {
    /// What was used since an earlier moment.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            user: self.user.saturating_sub(before.user),
            system: self.system.saturating_sub(before.system),
        }
    }
}

/// A process of this machine.
#[derive(Clone, Debug)]
pub(super) struct Process {
    folder: String,
}

impl Process {
    /// This one.
    pub(super) fn own() -> Self {
        Self {
            folder: "/proc/self".to_owned(),
        }
    }

    /// The one of a number.
    pub(super) fn of(id: u32) -> Self {
        Self {
            folder: format!("/proc/{id}"),
        }
    }

    /// The CPU time it has used so far, in all its threads.
    pub(super) fn cpu(&self) -> Result<Cpu, LoadError> {
        self.read("stat", read_cpu)
    }

    /// The CPU time that the threads it has now have used so far: to the nanosecond, where [`Self::cpu`]
    /// counts ticks.
    pub(super) fn busy(&self) -> Result<Duration, LoadError> {
        let folder = format!("{}/task", self.folder);
        let none = || LoadError::Machine {
            file: folder.clone(),
        };
        let threads = fs::read_dir(&folder).map_err(|_| none())?;
        let of = |thread: fs::DirEntry| {
            // A thread that has ended meanwhile has no file any more.
            let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
            read_busy(&text).unwrap_or_default()
        };
        Ok(threads.filter_map(Result::ok).map(of).sum())
    }

    /// The memory that it has in use, in KiB.
    pub(super) fn resident_kib(&self) -> Result<u64, LoadError> {
        self.read("status", read_resident)
    }

    fn read<T>(&self, file: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, LoadError> {
        let file = format!("{}/{file}", self.folder);
        let text = fs::read_to_string(&file).ok();
        text.as_deref()
            .and_then(read)
            .ok_or(LoadError::Machine { file })
    }
}

fn read_cpu(stat: &str) -> Option<Cpu> {
    /// A tick is a hundredth of a second for every program on every machine that we run on,
    /// whatever the kernel itself counts in.
    const TICK_MS: u64 = 10;
    // The name of the program comes second, in brackets, and may itself hold blanks and brackets.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let (user, system) = (ticks()?, ticks()?);
    Some(Cpu {
        user: Duration::from_millis(user * TICK_MS),
        system: Duration::from_millis(system * TICK_MS),
    })
}

/// The first number: nanoseconds on a processor.
fn read_busy(schedstat: &str) -> Option<Duration> {
    let nanos = schedstat.split_ascii_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

fn read_resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim_end().parse().ok()
}

/// How many programs wanted a processor lately, as the system says it: over one minute, five, fifteen.
pub(super) fn load_average() -> Result<String, LoadError> {
    let file = "/proc/loadavg".to_owned();
    let text = fs::read_to_string(&file).ok();
    let three = text.map(|text| text.split(' ').take(3).collect::<Vec<_>>().join(" "));
    three.ok_or(LoadError::Machine { file })
}

/// The file system of a folder: `ext4 (/dev/sda1)`.
pub(super) fn file_system(folder: &Path) -> Result<String, LoadError> {
    let file = "/proc/self/mountinfo".to_owned();
    let mounts = fs::read_to_string(&file).ok();
    mounts
        .as_deref()
        .and_then(|mounts| read_file_system(mounts, folder))
        .ok_or(LoadError::Machine { file })
}

fn read_file_system(mounts: &str, folder: &Path) -> Option<String> {
    let mount = |line: &str| {
        let (place, kind) = line.split_once(" - ")?;
        let place = PathBuf::from(unescaped(place.split(' ').nth(4)?));
        let mut kind = kind.split(' ');
        let kind = format!("{} ({})", kind.next()?, unescaped(kind.next()?));
        folder
            .starts_with(&place)
            .then(|| (place.components().count(), kind))
    };
    // Of those mounted on the same place, the last one hides the others.
    let deepest = mounts
        .lines()
        .filter_map(mount)
        .max_by_key(|(depth, _)| *depth);
    deepest.map(|(_, kind)| kind)
}

/// Blanks and the like are written there as three octal digits.
fn unescaped(text: &str) -> String {
    [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (written, meant)| {
        text.replace(written, meant)
    })
}

/// How long the disk takes to keep 4 KiB for good, at the end of a growing file in `folder`.
pub(super) fn fsyncs(folder: &Path, times: u32) -> io::Result<Latencies> {
    let path = folder.join("fsync");
    let mut file = File::create(&path)?;
    let block = [0x5a; 4_096];
    let one = |_| {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        Ok(start.elapsed())
    };
    let latencies = (0..times).map(one).collect::<io::Result<Vec<_>>>()?;
    fs::remove_file(path)?;
    Ok(latencies.into_iter().collect())
}

/// The size of a file; nothing if it is not there.
pub(super) fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_time_is_found_behind_a_name_with_brackets() {
        let stat = "1 (a b) c) R 0 1 1 0 -1 4194560 97 0 0 0 123 45 0 0 20 0 1 0 9 1 2";
        let cpu = Cpu {
            user: Duration::from_millis(1_230),
            system: Duration::from_millis(450),
        };
        assert_eq!(read_cpu(stat), Some(cpu));
        assert_eq!(read_cpu("1 (load) R 0"), None);
    }

    #[test]
    fn the_time_of_a_thread_is_counted_in_nanoseconds() {
        let busy = Some(Duration::from_nanos(2_573_411));
        assert_eq!(read_busy("2573411 81023 12\n"), busy);
        assert_eq!(read_busy(""), None);
    }

    #[test]
    fn the_memory_is_found() {
        let status = "Name:\tload\nVmHWM:\t  9000 kB\nVmRSS:\t  8124 kB\nThreads:\t4\n";
        assert_eq!(read_resident(status), Some(8_124));
        assert_eq!(read_resident("Name:\tload\n"), None);
    }

    #[test]
    fn the_deepest_mount_is_that_of_the_folder() {
        let mounts = "\
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
            30 22 0:26 / /tmp rw - tmpfs tmpfs rw\n\
            31 22 8:1 / /my\\040disk rw shared:2 master:1 - xfs /dev/sda1 rw\n";
        let on = |folder| read_file_system(mounts, Path::new(folder));
        assert_eq!(on("/home/mia").as_deref(), Some("ext4 (/dev/vda)"));
        assert_eq!(on("/tmp/x").as_deref(), Some("tmpfs (tmpfs)"));
        assert_eq!(on("/tmpx").as_deref(), Some("ext4 (/dev/vda)"));
        assert_eq!(on("/my disk").as_deref(), Some("xfs (/dev/sda1)"));
    }
}
