//! What is logged.

/// Whole messages of the gateway, with names, texts and tokens in them, are what these log: serenity
/// even in warnings. What is said last holds, so nothing that is said in general lets them say more.
const CAPS: &str = "serenity=error,tungstenite=warn,tokio_tungstenite=warn";

/// A level alone is for our own crates: libraries are capped at `warn` unless they are named.
pub(super) fn filter(log: &str) -> String {
    if log.contains(['=', ',']) {
        return format!("{log},{CAPS}");
    }
    format!("warn,ankle_core={log},ankle_discord={log},ankle_telegram={log},anklebot={log},{CAPS}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn libraries_are_quiet_unless_they_are_named() {
        assert_eq!(
            filter("info"),
            "warn,ankle_core=info,ankle_discord=info,ankle_telegram=info,anklebot=info,\
             serenity=error,tungstenite=warn,tokio_tungstenite=warn"
        );
        assert!(filter("sqlx=debug").starts_with("sqlx=debug,"));
    }

    /// What a log of everything says when libraries speak.
    fn logged(log: &str) -> String {
        let written = Written::default();
        let writer = written.clone();
        let targets: Targets = filter(log).parse().unwrap();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let subscriber = tracing_subscriber::registry().with(targets).with(lines);
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "tungstenite::protocol", "frame");
            tracing::debug!(target: "tokio_tungstenite", "frame");
            tracing::debug!(target: "serenity::gateway::shard", "frame");
            tracing::info!(target: "sqlx::query", "statement");
            tracing::debug!(target: "ankle_core", "ours");
        });
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[derive(Clone, Default)]
    struct Written(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_log_holds_the_frames_of_the_gateway() {
        for log in [
            "trace",
            "trace,hyper=info",
            "sqlx=trace,trace",
            "serenity=trace,trace",
            "tungstenite=trace",
        ] {
            let said = logged(log);
            assert!(!said.contains("frame"), "{log}: {said}");
            assert!(
                log.starts_with("tungstenite") || said.contains("ours"),
                "{log}: {said}"
            );
        }
        assert!(logged("sqlx=trace,trace").contains("statement"));
    }
}
